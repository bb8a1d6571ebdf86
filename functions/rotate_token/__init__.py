"""The function that Secrets Manager calls to rotate the API token: the AWS edge.

In order: `handler` takes one of the four steps; `bootstrap` reads `settings` and makes the parts.
`rotation` has the steps; `credentials` reads the API key and secret, and `versions` reads, writes
and labels the versions of the token secret.
"""
