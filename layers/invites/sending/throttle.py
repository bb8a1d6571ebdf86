"""The API's own throttle, as its answers tell of it. Touched by one thread only."""

from collections.abc import Sequence

from invites.errors import Code
from invites.outcome import Outcome

# For so long after a refused call the API's limit is kept to as if it were ours: with many
# execution environments at its throttle, most would only find it closed, each by a call.
REMEMBERED_SECONDS = 600.0

# A longer wait is not the window of a throttle, but something else that the API wants.
MAX_WINDOW = 3600.0

# However long the API asks for, it is asked again after this; also, by it the line that all
# execution environments share is moved on at the most.
MAX_CLOSURE = 3 * 3600.0


class Throttle:
    """How many calls may be side by side, until when there may be none, and at what rate."""

    def __init__(self) -> None:
        self._remaining: int | None = None
        self._closed_until = 0.0
        self._limit = 0
        self._window = 0.0
        self._refused_at = float("-inf")

    @property
    def closed_until(self) -> float:
        """Epoch seconds before which a call would be refused."""
        return self._closed_until

    def per_minute(self, now: float) -> float:
        """The rate that the API allows, if it refused a call for it lately; else 0.

        The window that its limit is for is not told: it is at least the longest wait that was
        asked for. Taken for too short at first, it costs refusals until a longer one is seen.
        """
        if not self._window or now - self._refused_at >= REMEMBERED_SECONDS:
            return 0.0
        return self._limit * 60 / self._window

    def width(self, most: int) -> int:
        """How many calls may be side by side: no more than are left in the API's window.

        With none left it is still one: whether the window has ended, only a call can tell, and
        what it is told if not is how long to wait.
        """
        return most if self._remaining is None else max(1, min(most, self._remaining))

    def record(self, outcomes: Sequence[Outcome], now: float, factor: float = 1.0) -> None:
        """Take note of what came of calls that went side by side.

        Args:
            outcomes: What came of each.
            now: Epoch seconds.
            factor: By how much a wait that the API names is prolonged.
        """
        answers = [outcome for outcome in outcomes if outcome.reply.status is not None]
        if answers:
            # In whatever order they were answered, the lowest was the last.
            left = [one.reply.remaining for one in answers if one.reply.remaining is not None]
            self._remaining = min(left, default=None)
        for answer in answers:
            self._limit = answer.reply.limit or self._limit
            if answer.code is Code.THROTTLED and answer.next_try.retry_after:
                self._note_refusal(answer.next_try.retry_after, now, factor)

    def _note_refusal(self, wait: float, now: float, factor: float) -> None:
        if now - self._refused_at >= REMEMBERED_SECONDS:
            self._window = 0.0
        self._refused_at = now
        self._window = max(self._window, min(wait, MAX_WINDOW))
        self._closed_until = max(self._closed_until, now + min(wait * factor, MAX_CLOSURE))
