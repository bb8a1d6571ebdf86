"""What the functions share of AWS: adapters of the domain's ports, and small readers of AWS.

In order: `settings` reads environment variables, and `message_reader` makes the domain's reader of
them. `log` makes the logger. `errors` and `sqs` are small common parts. `token_secret` is the form
of the token secret's value. The package `ledger` is the DynamoDB table.
"""
