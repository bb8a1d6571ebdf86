"""The function that takes signups off the queue and has their people invited: the AWS edge.

- `handler` is the entry point: a batch in, a partial batch answer out.
- `bootstrap` makes the parts, from `settings` (the environment) and `timeouts`.
- `sqs` translates records to messages, hides and deletes messages, and splits lists.
- `token_source` reads the bearer token; `token_renewal` asks for its rotation.
- `outcome_topic` publishes final outcomes.
- `telemetry` logs a line for each message; `metrics` writes the metrics of each batch.
"""
