"""aws_adapters.token_secret: what a rotation writes is what the sender reads."""

import json

import pytest

from aws_adapters.token_secret import format_value, parse_expiry, parse_value
from invites.token import Token

TEXT = "7|" + "Ab3" * 16
ENDS = 1_772_443_000.0


@pytest.mark.parametrize("expires_at", [ENDS, None])
def test_round_trip(expires_at: float | None) -> None:
    """A token and its end, or that it has none."""
    token = Token(TEXT, expires_at)
    assert parse_value("secret", format_value(token)) == token
    assert TEXT not in repr(token)


def test_the_form() -> None:
    """As the API words it."""
    value = json.loads(format_value(Token(TEXT, ENDS)))
    assert value == {"token": TEXT, "expires_at": "2026-03-02T09:16:40+00:00"}


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T09:16:40+00:00", "2026-03-02T10:16:40+01:00", "2026-03-02T09:16:40Z"],
)
def test_times(text: str) -> None:
    """ISO 8601, with whatever offset."""
    assert parse_expiry("secret", json.dumps({"expires_at": text})) == ENDS


def test_a_time_without_an_offset() -> None:
    """It is taken for UTC."""
    assert parse_expiry("secret", '{"expires_at": "2026-03-02T09:16:40"}') == ENDS


@pytest.mark.parametrize("ends", ["", "soon", 7, [], None, "2026-13-01T00:00:00Z"])
def test_a_time_that_cannot_be_read(ends: object) -> None:
    """The token is as good without it."""
    assert parse_value("secret", json.dumps({"token": TEXT, "expires_at": ends})) == Token(TEXT)


def test_a_bare_token() -> None:
    """It has no end that is known."""
    assert parse_value("secret", TEXT) == Token(TEXT)
