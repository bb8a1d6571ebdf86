"""A stand-in for the SpaceMedia API: a real HTTP server whose faults a test can script."""
