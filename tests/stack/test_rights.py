"""What each function's role may reach, as IAM decides it."""

import pytest
from botocore.exceptions import ClientError

from support.privileges import role_client
from support.rotation import CREDENTIALS
from support.stack import Stack

SENDER, ROTATION = "SendInvitesRole", "RotateTokenRole"
VIEW, ACT = "ViewDeadLettersRole", "ReplayDeadLettersRole"
HANDLE = {"ReceiptHandle": "x"}


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
def test_a_role_is_denied_what_it_does_not_need(
    stack: Stack, role: str, service: str, operation: str, arguments: dict[str, str]
) -> None:
    """The sender needs no key, the rotation no signup; who views neither deletes nor sends."""
    given = {name: stack.outputs.get(value, value) for name, value in arguments.items()}
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(role_client(stack, role, service), operation)(**given)


def test_a_role_may_do_what_it_is_for(stack: Stack) -> None:
    """What they are for, they can."""
    token = {"SecretId": stack.outputs["TokenSecretArn"]}
    assert role_client(stack, SENDER, "secretsmanager").get_secret_value(**token)["SecretString"]
    assert role_client(stack, ROTATION, "secretsmanager").describe_secret(**token)["ARN"]
    credentials = {"SecretId": CREDENTIALS}
    assert role_client(stack, ROTATION, "secretsmanager").get_secret_value(**credentials)
