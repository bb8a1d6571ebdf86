"""A page that shows the widget and calls its functions as a CloudWatch dashboard does."""
