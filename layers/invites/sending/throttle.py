"""The API's own throttle, as its answers show it. Used by the invoking thread only."""

from collections.abc import Sequence

from invites.outcome import Outcome

# For so long after a refused call the API's limit is kept as a rate limit of our own. Otherwise
# each of many execution environments would make calls only to find the throttle closed.
REMEMBERED_SECONDS = 600.0

# A longer wait is not the window of a throttle: the API wants something else.
MAX_WINDOW = 3600.0

# The longest wait that is kept, however long the API asks for. The queue for slots, which all
# execution environments share, moves on by no more than this.
MAX_CLOSURE = 3 * 3600.0


class Throttle:
    """How many calls may go side by side, until when none may, and at what rate."""

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
        """The rate that the API allows, if its throttle refused a call lately; else 0.

        The API does not name the window of its limit: it is at least the longest wait that it has
        asked for. A window that is taken for too short costs refusals until a longer wait is seen.
        """
        if not self._window or now - self._refused_at >= REMEMBERED_SECONDS:
            return 0.0
        return self._limit * 60 / self._window

    def max_parallel(self, limit: int) -> int:
        """How many calls may go side by side: up to `limit`, and as many as the API has left.

        With none left it is still one: only a call can find out whether the window has ended, and
        a refusal says how long to wait.
        """
        return limit if self._remaining is None else max(1, min(limit, self._remaining))

    def record(self, outcomes: Sequence[Outcome], now: float, factor: float = 1.0) -> None:
        """Record what the API's answers to calls side by side say of its throttle.

        Args:
            outcomes: Of each call.
            now: Epoch seconds.
            factor: By how much a wait that the API names is prolonged.
        """
        answers = [outcome for outcome in outcomes if outcome.reply.status is not None]
        if answers:
            # The count falls with each call, so the lowest is the latest.
            counts = [answer.reply.remaining for answer in answers]
            self._remaining = min((count for count in counts if count is not None), default=None)
        for answer in answers:
            self._limit = answer.reply.limit or self._limit
            if seconds := answer.throttle_seconds:
                self._record_refusal(seconds, now, factor)

    def _record_refusal(self, wait: float, now: float, factor: float) -> None:
        if now - self._refused_at >= REMEMBERED_SECONDS:
            self._window = 0.0
        self._refused_at = now
        self._window = max(self._window, min(wait, MAX_WINDOW))
        self._closed_until = max(self._closed_until, now + min(wait * factor, MAX_CLOSURE))
