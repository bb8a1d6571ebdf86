"""One circuit of a breaker: closed, open for a pause, half open until a success closes it."""

from invites.outcome import Outcome, Verdict

# The first pause ends before the first of its messages comes back (12 s at the earliest), so that
# this message is the probe. Doubled up to 5 minutes, which is how late a recovered API is noticed
# by messages that come in new.
INITIAL_PAUSE = 10.0
MAX_PAUSE = 300.0
# However long the API asks for: it may recover sooner than it thought.
MAX_ASKED_PAUSE = 3 * 3600.0


class Circuit:
    """Closed at first.

    Attributes:
        open_until: Epoch seconds at which the pause ends.
    """

    def __init__(self) -> None:
        self.open_until = 0.0
        self._pauses = 0
        self._cause = Outcome(Verdict.PAUSE)

    @property
    def is_half_open(self) -> bool:
        """Whether there was a pause, and no success since: only one person may be sent."""
        return self._pauses > 0

    def open_reason(self, now: float) -> Outcome | None:
        """What becomes of a person who is not sent now; None if they may be."""
        return self._cause if now < self.open_until else None

    def open(self, cause: Outcome, now: float) -> None:
        """Begin a pause, twice as long as the one before."""
        if now >= self.open_until:
            # Of calls that went side by side the first to fail opens; the others fail with it.
            self._pauses += 1
            self._cause = Outcome(Verdict.PAUSE, cause.code, cause.detail)
        pause = min(MAX_PAUSE, INITIAL_PAUSE * 2.0 ** min(self._pauses - 1, 10))
        asked = min(cause.next_try.retry_after or 0.0, MAX_ASKED_PAUSE)
        self.open_until = max(self.open_until, now + max(pause, asked))

    def close(self) -> None:
        """There was a success: nothing is at fault any more."""
        self._pauses, self.open_until = 0, 0.0
