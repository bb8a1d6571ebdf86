"""The API's tokens, and the secret that holds one: a token ends, is revoked, and is renewed."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from faults.model.timeline import Timeline
from faults.seeded.plan import HOUR, Plan


@dataclass
class IssuedTokens:
    """All tokens, with when they end; those that are not good any more are gone.

    Attributes:
        all: Every token that there ever was, for the logs to be searched for.
    """

    plan: Plan
    now: Callable[[], float]
    all: list[str] = field(default_factory=list)
    _ends: dict[str, float] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _was_revoked: bool = False

    def make(self, seconds: float = 30 * 24 * HOUR) -> tuple[str, float]:
        """A new token, and when it ends."""
        number = next(self._ids)
        token = f"{number}|plaintextsecret{number:033d}"
        self.all.append(token)
        self._ends[token] = self.now() + seconds
        return token, self._ends[token]

    def is_good(self, token: str) -> bool:
        """Whether the API takes it."""
        if self.plan.lasts("token: new one refused as well", 6 * HOUR):
            return False
        if not self._was_revoked and self.plan.lasts("token: revoked", HOUR):
            self._was_revoked = True
            self._ends.clear()
        ends = self._ends.get(token)
        if ends is not None and ends <= self.now():
            self.plan.note("token: expires")
        return ends is not None and ends > self.now()


class TokenSecret:
    """The secret's current version.

    Attributes:
        value: What it holds; None before anything was stored.
        created_at: When the version was made.
        is_rotating: Whether a rotation is under way.
    """

    def __init__(self, issued: IssuedTokens, timeline: Timeline) -> None:
        self._issued = issued
        self._timeline = timeline
        self.is_rotating = False
        self.value: str | None = None
        self.created_at = datetime.fromtimestamp(0, UTC)

    def renew(self, seconds: float = 30 * 24 * HOUR) -> None:
        """Store a new token."""
        token, ends = self._issued.make(seconds)
        expires_at = datetime.fromtimestamp(ends, UTC).isoformat()
        self.value = json.dumps({"token": token, "expires_at": expires_at})
        # Secrets Manager tells whole seconds.
        self.created_at = datetime.fromtimestamp(int(self._issued.now()), UTC)

    def rotate(self, seconds: float, *, fails: bool) -> None:
        """Have a new token made in so many seconds, or not."""
        self.is_rotating = True

        def end() -> None:
            self.is_rotating = False
            if not fails:
                self.renew()

        self._timeline.spawn(end, seconds)
