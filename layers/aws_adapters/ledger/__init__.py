"""The ledger, one DynamoDB table. No other package knows its keys and attributes.

In order: `rows` has the keys. Sending uses `claims`, one row a person, so that nobody is invited
twice; `batched_claims`, which writes those of a batch together; `rate_limit`, one row for all;
`reasons`, one row a failed message; and `rotation`, the row that lets one environment rotate the
token. Triage uses `dead_letter_reads` and `dead_letter_writes` over the rows of `reasons`, and
`forget_claim`, which stands apart from `claims` because its right to delete is another one.
"""
