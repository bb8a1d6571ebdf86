"""rotate_token.credentials: what the secret may be, and what is said when it is not."""

from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from invites.errors import CredentialsError
from rotate_token.credentials import CredentialsSecret

ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:spacemedia/key-AbCdEf"
FORM = 'store {"api_key": "…", "api_secret": "…"} in it'


class Secrets:
    """Secrets Manager with one secret, or an error."""

    def __init__(self, aws: boto3.Session, value: str | Exception) -> None:
        self.exceptions = aws.client("secretsmanager").exceptions
        self._value = value

    def get_secret_value(self, **request: object) -> dict[str, Any]:
        """Answer."""
        assert request == {"SecretId": ARN}
        if isinstance(self._value, Exception):
            raise self._value
        return {"SecretString": self._value}


def secret(aws: boto3.Session, value: str | Exception) -> CredentialsSecret:
    """What is tested."""
    return CredentialsSecret(cast("Any", Secrets(aws, value)), ARN)


def test_it_is_read(aws: boto3.Session) -> None:
    """Key and secret, without white space around them, and out of the way of logs."""
    found = secret(aws, '{"api_key": " marked-key ", "api_secret": "marked-secret\\n"}').read()
    assert (found.api_key, found.api_secret) == ("marked-key", "marked-secret")
    assert "marked" not in repr(found)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("marked", "is not JSON"),
        ('{"api_key": "marked"', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('["marked"]', "is not a JSON object"),
        ('{"api_secret": "marked"}', "has no text in its field `api_key`"),
        ('{"api_key": "marked"}', "has no text in its field `api_secret`"),
        ('{"api_key": "marked", "api_secret": ""}', "has no text in its field `api_secret`"),
        ('{"api_key": ["marked"]}', "has no text in its field `api_key`"),
        (
            '{"api_key": "mar\\r\\nked", "api_secret": "x"}',
            "has something in its field `api_key` that HTTP cannot carry",
        ),
        (
            '{"api_key": "x", "api_secret": "markéd"}',
            "has something in its field `api_secret` that HTTP cannot carry",
        ),
    ],
)
def test_what_it_may_not_be(aws: boto3.Session, value: str, problem: str) -> None:
    """The message names the secret, says what to do, and holds nothing of the value."""
    with pytest.raises(CredentialsError) as caught:
        secret(aws, value).read()
    assert str(caught.value) == f"secret spacemedia/key-AbCdEf {problem}: {FORM}"
    assert "mark" not in repr(caught.value.__cause__)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_what_cannot_be_read(aws: boto3.Session) -> None:
    """A secret without a value is told apart from one that is out of reach."""
    missing = aws.client("secretsmanager").exceptions.ResourceNotFoundException(
        {"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue"
    )
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "GetSecretValue")
    with pytest.raises(CredentialsError, match="does not exist or has no value: store"):
        secret(aws, missing).read()
    with pytest.raises(CredentialsError, match="cannot be read: AccessDenied"):
        secret(aws, denied).read()
