"""What the tests and the demo share: a local AWS and a stand-in for SpaceMedia."""
