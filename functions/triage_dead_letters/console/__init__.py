"""The dead-letter console: the CloudWatch widget and its pages."""
