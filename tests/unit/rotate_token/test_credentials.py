"""rotate_token.credentials: what the secret may hold, and what the error says otherwise."""

from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from invites.errors import CredentialsError
from rotate_token.credentials import CredentialsSecret
from support.secrets_manager import FakeSecretsManager, refusal

ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:spacemedia/key-AbCdEf"
FORM = 'store {"api_key": "…", "api_secret": "…"} in it'


def secret(value: str | None = None, error: Exception | None = None) -> CredentialsSecret:
    """A secret with this value, or whose reading fails with this error."""
    secrets = FakeSecretsManager()
    if value is not None:
        secrets.store(ARN, value)
    if error:
        secrets.errors["GetSecretValue"] = error
    return CredentialsSecret(cast("Any", secrets), ARN)


def test_key_and_secret_are_stripped_and_kept_out_of_the_repr() -> None:
    found = secret('{"api_key": " marked-key ", "api_secret": "marked-secret\\n"}').read()
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
def test_error_names_the_secret_says_what_to_do_and_quotes_nothing(
    value: str, problem: str
) -> None:
    with pytest.raises(CredentialsError) as caught:
        secret(value).read()
    assert str(caught.value) == f"secret spacemedia/key-AbCdEf {problem}: {FORM}"
    assert "mark" not in repr(caught.value.__cause__)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_secret_without_a_value_says_what_to_store() -> None:
    with pytest.raises(CredentialsError, match=f"does not exist or has no value: {FORM}"):
        secret().read()


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (refusal("GetSecretValue", "AccessDenied"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://marked"), "EndpointConnectionError"),
    ],
)
def test_secret_that_cannot_be_read_is_named_with_aws_error(error: Exception, word: str) -> None:
    with pytest.raises(CredentialsError, match=f"key-AbCdEf cannot be read: {word}$"):
        secret(error=error).read()
