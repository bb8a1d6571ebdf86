"""A stand-in for the SpaceMedia API: a real HTTP server that can be told how to misbehave."""
