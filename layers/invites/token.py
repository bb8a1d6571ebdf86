"""The bearer token: its form, its end, and the rule for when to renew it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

# RFC 6750, section 2.1, and the bar that Sanctum puts between a token's id and its secret.
_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/|-]+=*")


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        text: The token itself. It is not in the repr, which may end up in a log.
        expires_at: Epoch seconds; None if the token does not end, or if its end is not known.
    """

    text: str = field(repr=False)
    expires_at: float | None = None


class Tokens(Protocol):
    """Where the bearer token comes from."""

    def current(self) -> str:
        """The token, as cached; raises TokenError if there is none."""

    def refresh(self, refused: str) -> str:
        """The token, read again if the cached one is still the refused one; raises TokenError."""


def is_bearer(text: str) -> bool:
    """Whether the text can be sent as a bearer token."""
    return _BEARER_TOKEN.fullmatch(text) is not None


def parse_time(text: object) -> float | None:
    """Epoch seconds of an ISO 8601 time, in UTC if it names no offset; None for None.

    Raises:
        ValueError: It is neither a time nor None. The error does not quote it.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("not a text")  # noqa: TRY004 - as for a text that is not a time
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        # `from None`: the error would quote the text, which an operator stored beside a token.
        raise ValueError("not a time") from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def format_time(seconds: float | None) -> str | None:
    """Epoch seconds as an ISO 8601 time in UTC; None for None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


# A token younger than this is not renewed. Secrets Manager asks for at most one new version every
# 10 minutes, and the caches of all environments must have run out.
FRESH_SECONDS = 600.0
# After a new token was refused as well, no rotation is requested for this time. A right is missing
# or the API is at fault, so another rotation would only leave one more unused token.
BACK_OFF_SECONDS = 6 * 3600.0
# A token made within this time after a request for a rotation came of that request.
ROTATION_SECONDS = 600.0
# The share of a token's life that is left when it is renewed, and when an alarm tells that the
# renewal failed.
RENEW_SHARE = 1 / 5
ALARM_SHARE = 1 / 10


class RenewalAction(StrEnum):
    """What to do about the token."""

    NOTHING = "nothing"
    REQUEST_ROTATION = "request_rotation"
    BACK_OFF = "back_off"


@dataclass(frozen=True, slots=True)
class TokenState:
    """What is known of the token.

    Attributes:
        created_at: When its version of the secret was made, epoch seconds; None if not known.
        expires_at: Epoch seconds; None if the token does not end, or if its end is not known.
        is_refused: The API refuses it, though it is the current one.
        is_missing: The secret has no value, or one that cannot be a token.
    """

    created_at: float | None = None
    expires_at: float | None = None
    is_refused: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class TokenReport:
    """What to report about the token after a batch.

    Attributes:
        is_expiring: So little is left of its life that its renewal must have failed.
        is_refused_after_rotation: It was just renewed, and the API refuses it as well.
        notes: Sentences for the log.
    """

    is_expiring: bool = False
    is_refused_after_rotation: bool = False
    notes: tuple[str, ...] = ()


def next_action(state: TokenState, now: float) -> RenewalAction:
    """What to do about the token; `now` in epoch seconds."""
    is_fresh = state.created_at is not None and now - state.created_at < FRESH_SECONDS
    if state.is_missing:
        return RenewalAction.REQUEST_ROTATION
    if state.is_refused:
        return RenewalAction.BACK_OFF if is_fresh else RenewalAction.REQUEST_ROTATION
    if _share_left(state, now) < RENEW_SHARE and not is_fresh:
        return RenewalAction.REQUEST_ROTATION
    return RenewalAction.NOTHING


def is_expiring(state: TokenState, now: float) -> bool:
    """Whether so little is left of its life that its renewal must have failed."""
    return _share_left(state, now) < ALARM_SHARE


def _share_left(state: TokenState, now: float) -> float:
    """The share of its life that is left, from 1 to 0; 1 for a token whose life is not known."""
    if state.expires_at is None or state.created_at is None:
        return 1.0
    life = state.expires_at - state.created_at
    return (state.expires_at - now) / life if life > 0 else 0.0
