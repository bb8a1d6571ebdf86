"""Simulated AWS: what each service keeps, and the low-level client that the adapters call.

`service` decides how a call goes (latency, errors, lost answers, botocore's retry); then SQS
(`queue`, `sqs_client`, `letters_client`), DynamoDB (`table`, `expressions`, `attribute_values`,
`partiql`, `dynamodb`) and Secrets Manager (`token_secret`, `secrets_manager`, which has SNS too).
"""
