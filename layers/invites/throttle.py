"""The API's own throttle, as its answers tell of it. Touched by one thread only."""

from invites.errors import Code
from invites.outcome import Outcome


class Throttle:
    """How many calls may be side by side, and until when there may be none."""

    def __init__(self) -> None:
        self._remaining: int | None = None
        self._closed_until = 0.0
        self.limit: int | None = None

    @property
    def closed_until(self) -> float:
        """Epoch seconds before which a call would be refused."""
        return self._closed_until

    def width(self, most: int) -> int:
        """How many calls may be side by side: no more than are left in the API's window.

        With none left it is still one: whether the window has ended, only a call can tell, and
        what it is told if not is how long to wait.
        """
        return most if self._remaining is None else max(1, min(most, self._remaining))

    def note(self, outcome: Outcome, now: float) -> None:
        """Take note of an answer."""
        if outcome.status is None:
            return
        self._remaining = outcome.remaining
        self.limit = outcome.limit or self.limit
        if outcome.code is Code.THROTTLED and outcome.wait:
            self._closed_until = max(self._closed_until, now + outcome.wait)
