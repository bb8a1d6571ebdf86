"""What every function's AWS edge shares."""
