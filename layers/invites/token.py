"""The bearer token: its form, and when it ends."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

# RFC 6750, section 2.1, and the bar that Sanctum puts between a token's id and its secret.
_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/|-]+=*")


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        text: What is sent. Not in the repr, which may end up in a log.
        expires_at: Epoch seconds; None if it does not end, or if that is not known.
    """

    text: str = field(repr=False)
    expires_at: float | None = None


class Tokens(Protocol):
    """Where the bearer token comes from."""

    def current(self) -> str:
        """The token, as cached; raises TokenError if there is none."""

    def renew(self, refused: str) -> str:
        """The token, read anew if the cached one is still the refused one."""


def is_bearer(text: str) -> bool:
    """Whether the text can be sent as a bearer token."""
    return _BEARER_TOKEN.fullmatch(text) is not None


def read_time(text: object) -> float | None:
    """Epoch seconds of an ISO 8601 time, of UTC if it names no offset; None for None.

    Raises:
        ValueError: It is neither; the error does not quote it.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("not a text")  # noqa: TRY004 - as for a text that is no time
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        # `from None`: the text stands beside a token, and may be anything.
        raise ValueError("not a time") from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def write_time(moment: float | None) -> str | None:
    """The same as text; None for None."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
