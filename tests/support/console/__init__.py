"""A dashboard with one widget, which does with it what CloudWatch's console does."""
