"""A dashboard of one widget: does with it what CloudWatch's console does, and no more."""
