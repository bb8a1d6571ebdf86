"""aws_adapters.token_secret: the value of the token secret, and what is wrong with one."""

import json

import pytest

from aws_adapters.token_secret import (
    format_value,
    parse_expiry,
    parse_token,
    parse_value,
    secret_name,
)
from invites.errors import TokenError, TokenUnavailableError
from invites.token import Token

TOKEN = "7|" + "Ab3" * 16
ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:signup-token-AbCdEf"
ENDS = 1_772_443_000.0


@pytest.mark.parametrize("expires_at", [ENDS, None])
def test_what_a_rotation_writes_is_what_the_sender_reads(expires_at: float | None) -> None:
    token = Token(TOKEN, expires_at)
    assert parse_value("secret", format_value(token)) == token


def test_value_has_the_fields_of_the_api() -> None:
    value = json.loads(format_value(Token(TOKEN, ENDS)))
    assert value == {"token": TOKEN, "expires_at": "2026-03-02T09:16:40+00:00"}


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        f"  {TOKEN}\n",
        f'{{"token": "{TOKEN}"}}',
        f'\n{{"expires_at": null, "token": " {TOKEN} "}}',
    ],
)
def test_value_is_the_bare_token_or_an_object(value: str) -> None:
    assert parse_value(ARN, value) == Token(TOKEN)


@pytest.mark.parametrize(
    ("value", "problem"),
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
def test_error_names_secret_and_problem_and_quotes_nothing(value: str, problem: str) -> None:
    with pytest.raises(TokenError) as caught:
        parse_token(ARN, value)
    assert str(caught.value) == f"secret signup-token-AbCdEf {problem}"
    assert not isinstance(caught.value, TokenUnavailableError)
    assert "mark" not in repr(caught.value.__cause__) + repr(caught.value.args)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:16:40+00:00",
        "2026-03-02T10:16:40+01:00",
        "2026-03-02T09:16:40Z",
        "2026-03-02T09:16:40",
    ],
)
def test_expiry_has_any_offset_and_is_utc_without_one(text: str) -> None:
    assert parse_expiry("secret", json.dumps({"expires_at": text})) == ENDS


@pytest.mark.parametrize("expiry", ["", "soon", 7, [], None, "2026-13-01T00:00:00Z"])
def test_token_works_though_its_expiry_cannot_be_read(expiry: object) -> None:
    value = json.dumps({"token": TOKEN, "expires_at": expiry})
    assert parse_value("secret", value) == Token(TOKEN)


@pytest.mark.parametrize(
    ("secret_id", "name"), [(ARN, "signup-token-AbCdEf"), ("signup-token", "signup-token")]
)
def test_errors_name_the_secret_and_not_its_arn(secret_id: str, name: str) -> None:
    """The name is what an operator looks for."""
    assert secret_name(secret_id) == name
