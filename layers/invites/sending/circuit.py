"""One circuit of a breaker: closed, open for a pause, then half open for a probe.

The success of the probe closes it; a failure opens it for a longer pause.
"""

from invites.outcome import Outcome, Verdict

# The first pause ends before the first of its messages comes back, which is after 12 s at the
# earliest: that message is the probe. Each further pause is twice as long, up to 5 minutes, which
# is how late new messages notice that the API has recovered.
INITIAL_PAUSE = 10.0
MAX_PAUSE = 300.0
# The longest pause that the API may ask for: it may recover sooner than it thought.
MAX_ASKED_PAUSE = 3 * 3600.0


class Circuit:
    """A circuit, closed at first.

    Attributes:
        open_until: Epoch seconds at which the pause ends.
    """

    def __init__(self) -> None:
        self.open_until = 0.0
        self._pauses = 0
        self._cause = Outcome(Verdict.PAUSE)

    @property
    def is_half_open(self) -> bool:
        """Whether a pause has begun, with no success since: after it only a probe may be sent."""
        return self._pauses > 0

    def open_reason(self, now: float) -> Outcome | None:
        """The outcome of a person while the circuit is open; None if they may be sent."""
        return self._cause if now < self.open_until else None

    def open(self, cause: Outcome, now: float) -> None:
        """Begin a pause, twice as long as the one before."""
        if now >= self.open_until:
            # Of calls that went side by side, the first failure opens the circuit once for all.
            self._pauses += 1
            self._cause = Outcome(Verdict.PAUSE, cause.code, cause.detail)
        pause = min(MAX_PAUSE, INITIAL_PAUSE * 2.0 ** min(self._pauses - 1, 10))
        asked = min(cause.next_try.retry_after or 0.0, MAX_ASKED_PAUSE)
        self.open_until = max(self.open_until, now + max(pause, asked))

    def close(self) -> None:
        """After a success: nothing is at fault any more."""
        self._pauses, self.open_until = 0, 0.0
