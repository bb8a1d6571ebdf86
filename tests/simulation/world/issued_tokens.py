"""The API's tokens: they are made, end, and are revoked."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from simulation.plan import HOUR, Plan


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
