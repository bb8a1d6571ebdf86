"""The value of the token secret: `{"token": "…", "expires_at": "…"}`, or the bare token."""

import json
from typing import Any

from invites.errors import TokenError
from invites.token import Token, format_time, is_bearer, parse_time


def format_value(token: Token) -> str:
    """The secret's value for a token."""
    return json.dumps({"token": token.text, "expires_at": format_time(token.expires_at)})


def parse_value(secret_id: str, value: str) -> Token:
    """The token in a secret's value.

    Raises:
        TokenError: As for `parse_token`.
    """
    return Token(parse_token(secret_id, value), parse_expiry(secret_id, value))


def parse_token(secret_id: str, value: str) -> str:
    """The token's text in a secret's value.

    Raises:
        TokenError: It is empty or has another form. The message holds nothing of the value.
    """
    name, text = secret_name(secret_id), value.strip()
    if not text:
        raise TokenError(f"secret {name} is empty: store the API token in it")
    token = _token_field(name, text) if text.startswith("{") else text
    if not is_bearer(token):
        raise TokenError(f"secret {name} holds something that cannot be a bearer token")
    return token


def parse_expiry(secret_id: str, value: str) -> float | None:
    """Epoch seconds of `expires_at`; None if it is missing or cannot be read.

    An operator who stores a token need not know its end: the token works without it.
    """
    text = value.strip()
    if not text.startswith("{"):
        return None
    try:
        return parse_time(_fields(secret_name(secret_id), text).get("expires_at"))
    except ValueError:
        return None


def secret_name(secret_id: str) -> str:
    """The last part of an ARN: the secret's name and six characters. A name stays as it is."""
    return secret_id.rsplit(":", 1)[-1]


def _token_field(name: str, text: str) -> str:
    token = _fields(name, text).get("token")
    if not isinstance(token, str) or not token.strip():
        raise TokenError(f"secret {name} has no text in its field `token`")
    return token.strip()


def _fields(name: str, text: str) -> dict[str, Any]:
    """The fields of a value that starts with a brace, so it is a JSON object or no JSON."""
    try:
        fields: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        # `from None`: the decoder's error carries the text, and the text is a secret.
        raise TokenError(f"secret {name} starts with a brace but is not JSON") from None
    return fields
