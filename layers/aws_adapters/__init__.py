"""What the functions share of AWS: adapters of the domain's ports, and small readers of AWS.

In order: `settings` reads environment variables and `message_reader` makes the domain's reader from
them; `log` makes the logger; `errors` and `sqs` are small common parts; `token_secret` is the format
of the token secret's value; the package `ledger` is the DynamoDB table.
"""
