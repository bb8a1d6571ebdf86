"""The bare minimum that could do the job: a client of each kind, and the calls.

It runs in Lambda's runtime client, beside the real function, for `make bench`.
"""

import json
import os
from typing import Any

import boto3
import urllib3

HTTP = urllib3.PoolManager()
DYNAMODB = boto3.client("dynamodb")
SECRETS = boto3.client("secretsmanager")
SQS = boto3.client("sqs")
TABLE = os.environ["LEDGER_TABLE_NAME"]


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Invite each person, and hide the messages that the API did not take."""
    secret = SECRETS.get_secret_value(SecretId=os.environ["TOKEN_SECRET_ID"])["SecretString"]
    headers = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
    failed = [record for record in event["Records"] if not _invite(record["body"], headers)]
    for record in failed:
        SQS.change_message_visibility(
            QueueUrl=os.environ["SIGNUP_QUEUE_URL"],
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=60,
        )
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _invite(body: str, headers: dict[str, str]) -> bool:
    email = json.loads(body)["data"]["email"]
    key = {"pk": {"S": email}}
    DYNAMODB.put_item(TableName=TABLE, Item=key, ConditionExpression="attribute_not_exists(pk)")
    answer = HTTP.request(
        "POST",
        f"{os.environ['API_BASE_URL']}/api/v1/users",
        json={"email": email, "roles": ["Artist"]},
        headers=headers,
    )
    DYNAMODB.update_item(TableName=TABLE, Key=key, UpdateExpression="SET invited = pk")
    return answer.status == 201
