"""The function that takes signups off the queue and has them invited: the AWS edge."""
