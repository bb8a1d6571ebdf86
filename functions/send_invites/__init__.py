"""The function that takes signups off the queue and has them invited: the AWS edge.

In order: `handler` takes a batch and answers it; `bootstrap` reads `settings` and makes the parts,
with the times of `timeouts`. `sqs` turns records into messages and settles them; `token_source` has
the bearer token, and `token_renewal` has it rotated when needed. What became of the batch leaves by
`outcome_topic` for producers, by `telemetry` for the log, and by `metrics` for CloudWatch.
"""
