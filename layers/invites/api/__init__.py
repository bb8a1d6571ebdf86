"""call -> outcome: the SpaceMedia API, and what its answers mean."""
