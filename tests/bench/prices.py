"""List prices in USD, in us-east-1, as of June 2026. No free tier, no discount.

From https://aws.amazon.com/ under lambda, sqs, dynamodb/pricing/on-demand, eventbridge and
cloudwatch (each /pricing). Other regions differ by a few per cent, London's DynamoDB by more.
"""

MILLION = 1_000_000

# Lambda on arm64.
GIGABYTE_SECOND = 0.0000133334
INVOCATION = 0.20 / MILLION

# SQS, standard queue: a request of up to 64 KB, of up to 10 messages.
SQS_REQUEST = 0.40 / MILLION

# DynamoDB on demand: a standard write of up to 1 KB. A statement of a PartiQL batch is one.
WRITE = 0.625 / MILLION

# EventBridge: a request of a pipe, and a call to an API destination.
PIPE_REQUEST = 0.40 / MILLION
API_DESTINATION_CALL = 0.20 / MILLION

# CloudWatch Logs: a gigabyte taken in.
LOG_GIGABYTE = 0.50

# A function with so much memory has one whole CPU; with less it has that share.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEBIBYTES_OF_ONE_CPU = 1769
