"""What a deployment decides, read from the environment in which the functions run."""
