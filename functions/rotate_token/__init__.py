"""The function that Secrets Manager calls to rotate the API token: the AWS edge."""
