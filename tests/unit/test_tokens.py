"""send_invites.token_source: what is read, and what is said when it cannot be."""

from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from aws_adapters.token_secret import parse_token, secret_name
from invites.errors import TokenError, TokenUnavailableError
from send_invites.token_source import SecretTokens

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

TOKEN = "7|" + "Ab3" * 16
ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:signup-token-AbCdEf"


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        f"  {TOKEN}\n",
        f'{{"token": "{TOKEN}"}}',
        f'\n{{"expires_at": null, "token": " {TOKEN} "}}',
    ],
)
def test_what_a_secret_may_be(secret: str) -> None:
    """A secret is the bare token, or a JSON object with the field `token`."""
    assert parse_token(ARN, secret) == TOKEN


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("", "is empty: store the API token in it"),
        (" \n", "is empty: store the API token in it"),
        ('{"token": "marked"', "starts with a brace but is not JSON"),
        ("{marked}", "starts with a brace but is not JSON"),
        ('{"token":' * 5000, "starts with a brace but is not JSON"),
        ("{}", "has no text in its field `token`"),
        ('{"Token": "marked"}', "has no text in its field `token`"),
        ('{"token": ""}', "has no text in its field `token`"),
        ('{"token": null, "other": "marked"}', "has no text in its field `token`"),
        ('{"token": ["marked"]}', "has no text in its field `token`"),
        ('{"token": 1}', "has no text in its field `token`"),
        ('["marked"]', "holds something that cannot be a bearer token"),
        ('"marked"', "holds something that cannot be a bearer token"),
        ("marked token", "holds something that cannot be a bearer token"),
        ("marked\r\nX-Header: 1", "holds something that cannot be a bearer token"),
        ("markéd", "holds something that cannot be a bearer token"),
        ('{"token": "mar\\nked"}', "holds something that cannot be a bearer token"),
    ],
)
def test_what_it_may_not(secret: str, problem: str) -> None:
    """The message names the secret and the problem, and no error holds anything of the value."""
    with pytest.raises(TokenError) as caught:
        parse_token(ARN, secret)
    assert str(caught.value) == f"secret signup-token-AbCdEf {problem}"
    assert not isinstance(caught.value, TokenUnavailableError)
    assert "mark" not in repr(caught.value.__cause__) + repr(caught.value.args)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("secret_id", "name"), [(ARN, "signup-token-AbCdEf"), ("signup-token", "signup-token")]
)
def test_the_name(secret_id: str, name: str) -> None:
    """Of an ARN only the name is told: it is what an operator looks for."""
    assert secret_name(secret_id) == name


def client_error(code: str) -> ClientError:
    """An error of Secrets Manager."""
    error: Any = {"Error": {"Code": code, "Message": f"marked {code}"}}
    return ClientError(error, "GetSecretValue")


class FailingSecrets:
    """Secrets Manager in trouble."""

    def __init__(self, aws: boto3.Session, error: Exception) -> None:
        self.exceptions = aws.client("secretsmanager").exceptions
        self._error = error

    def get_secret_value(self, **_request: object) -> dict[str, Any]:
        """Fail."""
        raise self._error


def current(aws: boto3.Session, error: Exception) -> TokenError:
    """The error that comes of asking for the token."""
    client = cast("SecretsManagerClient", FailingSecrets(aws, error))
    with pytest.raises(TokenError) as caught:
        SecretTokens(client, ARN, lambda: 0.0).current()
    return caught.value


def test_a_secret_without_a_value(aws: boto3.Session) -> None:
    """The stack creates the secret empty: that says what to do."""
    client = aws.client("secretsmanager")
    missing = client.exceptions.ResourceNotFoundException(
        {"Error": {"Code": "ResourceNotFoundException", "Message": "marked"}}, "GetSecretValue"
    )
    error = current(aws, missing)
    assert type(error) is TokenError
    problem = "does not exist or has no value: store the API token in it"
    assert str(error) == f"secret signup-token-AbCdEf {problem}"


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        (client_error("AccessDeniedException"), "AccessDeniedException"),
        (client_error("InternalServiceError"), "InternalServiceError"),
        (EndpointConnectionError(endpoint_url="https://marked"), "EndpointConnectionError"),
    ],
)
def test_a_secret_that_cannot_be_read(aws: boto3.Session, cause: Exception, word: str) -> None:
    """Other failures may pass; AWS's own text is not told."""
    error = current(aws, cause)
    assert type(error) is TokenUnavailableError
    assert str(error) == f"secret signup-token-AbCdEf cannot be read: {word}"
