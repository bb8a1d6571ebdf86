"""What each function's role may reach, as IAM decides it."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from support.local_aws import REGION
from support.rotation import CREDENTIALS
from support.stack import Stack

SENDER, ROTATION = "SendInvitesRole", "RotateTokenRole"
VIEW, ACT = "ViewDeadLettersRole", "ReplayDeadLettersRole"
HANDLE = {"ReceiptHandle": "x"}


def _client(stack: Stack, role: str, service: str) -> Any:  # noqa: ANN401 - a client of any service
    """A client with a function's rights."""
    roles = stack.client("iam").list_roles()["Roles"]
    arn = next(one["Arn"] for one in roles if role in one["RoleName"])
    given = stack.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=stack.aws.endpoint,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@pytest.mark.parametrize(
    ("role", "service", "operation", "arguments"),
    [
        (SENDER, "secretsmanager", "get_secret_value", {"SecretId": CREDENTIALS}),
        (SENDER, "secretsmanager", "rotate_secret", {"SecretId": CREDENTIALS}),
        (SENDER, "secretsmanager", "put_secret_value", {"SecretId": "TokenSecretArn"}),
        (ROTATION, "sqs", "receive_message", {"QueueUrl": "SignupQueueUrl"}),
        (ROTATION, "sqs", "receive_message", {"QueueUrl": "DeadLetterQueueUrl"}),
        (ROTATION, "dynamodb", "scan", {"TableName": "LedgerTableName"}),
        (ROTATION, "secretsmanager", "put_secret_value", {"SecretId": CREDENTIALS}),
        (VIEW, "sqs", "delete_message", {"QueueUrl": "DeadLetterQueueUrl", **HANDLE}),
        (VIEW, "sqs", "send_message", {"QueueUrl": "SignupQueueUrl", "MessageBody": "x"}),
        (VIEW, "sqs", "receive_message", {"QueueUrl": "SignupQueueUrl"}),
        (VIEW, "dynamodb", "scan", {"TableName": "LedgerTableName"}),
        (VIEW, "secretsmanager", "get_secret_value", {"SecretId": "TokenSecretArn"}),
        (ACT, "sqs", "send_message", {"QueueUrl": "DeadLetterQueueUrl", "MessageBody": "x"}),
        (ACT, "sqs", "receive_message", {"QueueUrl": "SignupQueueUrl"}),
        (ACT, "dynamodb", "scan", {"TableName": "LedgerTableName"}),
        (ACT, "secretsmanager", "get_secret_value", {"SecretId": "TokenSecretArn"}),
    ],
)
def test_out_of_reach(
    stack: Stack, role: str, service: str, operation: str, arguments: dict[str, str]
) -> None:
    """The sender needs no key, the rotation no signup; who views neither deletes nor sends."""
    given = {name: stack.outputs.get(value, value) for name, value in arguments.items()}
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(_client(stack, role, service), operation)(**given)


def test_within_reach(stack: Stack) -> None:
    """What they are for, they can."""
    token = {"SecretId": stack.outputs["TokenSecretArn"]}
    assert _client(stack, SENDER, "secretsmanager").get_secret_value(**token)["SecretString"]
    assert _client(stack, ROTATION, "secretsmanager").describe_secret(**token)["ARN"]
    credentials = {"SecretId": CREDENTIALS}
    assert _client(stack, ROTATION, "secretsmanager").get_secret_value(**credentials)
