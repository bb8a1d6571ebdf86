"""Simulated AWS: what each service keeps, and the low-level client that the adapters call.

`service` decides how a call goes (latency, errors, lost answers, botocore's retry). Then SQS
(`queue`, `sqs_clients`), DynamoDB (`table`, `expressions`, `partiql`, `dynamodb`), and Secrets
Manager (`token_secret`, `secrets_manager`, which has SNS's client too).
"""
