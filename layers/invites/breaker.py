"""The circuit breaker: when the API, the token or the mapping is at fault, nobody is sent.

It is kept in memory, one in each execution environment, and touched by one thread only.
"""

from invites.errors import Code
from invites.outcome import Outcome, Verdict

# Failures in a row, each of which could be the message's own, that together are not.
RETRIES_IN_A_ROW = 5
# A second person whom a quota or a policy denies: the first may be denied for a reason of theirs.
DENIED_PEOPLE = 2
# So many different messages that can never succeed: more likely our mistake than theirs.
STOPPED_MESSAGES = 10

# The first pause ends before the first of its messages comes back (12 s at the earliest), so that
# this message is the probe. Doubled up to 5 minutes, which is how late a recovered API is noticed
# by messages that come in new.
FIRST_PAUSE = 10.0
LONGEST_PAUSE = 300.0
# However long the API asks for: it may recover sooner than it thought.
LONGEST_ASKED = 3 * 3600.0

_API_FAILURES = {Code.SERVER_ERROR, Code.THROTTLED, Code.INTERRUPTED}
_REFUSALS = {Code.NOT_PERMITTED, Code.REFUSED_BY_API}


class Breaker:
    """Closed at first. Opens for a pause, then lets one person through: a success closes it."""

    def __init__(self) -> None:
        self._retries = 0
        self._denied: set[str] = set()
        self._stopped: set[str] = set()
        self._rejected: set[str] = set()
        self._pauses = 0
        self._open_until = 0.0
        self._mass_stop_begun = False
        self._cause = Outcome(Verdict.PAUSE)

    @property
    def is_probing(self) -> bool:
        """Whether there was a pause, and no success since: only one person may be sent."""
        return self._pauses > 0

    def pause(self, now: float) -> Outcome | None:
        """What becomes of a person who is not sent now; None if they may be."""
        return self._cause if now < self._open_until else None

    def note(self, outcome: Outcome, person: str, message_id: str, now: float) -> None:
        """Take note of what came of a call.

        Args:
            outcome: Its outcome; one that came about without the API changes nothing.
            person: Tells people apart.
            message_id: Tells messages apart.
            now: Epoch seconds.
        """
        if outcome.verdict in (Verdict.INVITED, Verdict.ALREADY_INVITED):
            if outcome.status is not None:
                self._close()
        elif outcome.verdict is Verdict.PAUSE:
            self._open(outcome, now)
        elif outcome.code is Code.THROTTLED and outcome.wait is not None:
            # The API says itself how long it wants no calls; the throttle keeps to that.
            return
        elif outcome.code in _API_FAILURES | _REFUSALS:
            self._count(outcome, person, message_id)
            if cause := self._too_many(outcome):
                self._open(cause, now)

    def note_rejected(self, message_id: str) -> None:
        """Take note of a message that was stopped without a call.

        Too many in a row raise the alarm, as it may be our reading that is at fault. They do not
        pause: that would help none of them, and hold up everybody else.
        """
        self._rejected.add(message_id)
        if len(self._rejected) == STOPPED_MESSAGES:
            self._mass_stop_begun = True

    def take_mass_stop(self) -> bool:
        """Whether a mass stop has begun since this was last asked."""
        begun, self._mass_stop_begun = self._mass_stop_begun, False
        return begun

    def _count(self, outcome: Outcome, person: str, message_id: str) -> None:
        self._retries = self._retries + 1 if outcome.code in _API_FAILURES else 0
        if outcome.code is Code.NOT_PERMITTED:
            self._denied.add(person)
        if outcome.code is Code.REFUSED_BY_API:
            self._stopped.add(message_id)

    def _too_many(self, outcome: Outcome) -> Outcome | None:
        """The cause of a pause, if there were too many outcomes like this one."""
        match outcome.code:
            case Code.NOT_PERMITTED if len(self._denied) >= DENIED_PEOPLE:
                return outcome
            case Code.REFUSED_BY_API if len(self._stopped) >= STOPPED_MESSAGES:
                self._mass_stop_begun = True
                text = f"{STOPPED_MESSAGES} messages were refused with no success between them"
                return Outcome(Verdict.PAUSE, Code.MASS_STOP, text)
            case code if self.is_probing and code in _API_FAILURES:
                return outcome
        return outcome if self._retries >= RETRIES_IN_A_ROW else None

    def _open(self, cause: Outcome, now: float) -> None:
        if now >= self._open_until:
            # Of calls that went side by side the first to fail opens; the others fail with it.
            self._pauses += 1
            self._cause = Outcome(Verdict.PAUSE, cause.code, cause.detail)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._pauses - 1, 10))
        asked = min(cause.wait or 0.0, LONGEST_ASKED)
        self._open_until = max(self._open_until, now + max(pause, asked))

    def _close(self) -> None:
        self._retries, self._pauses, self._open_until = 0, 0, 0.0
        self._denied.clear()
        self._stopped.clear()
        self._rejected.clear()
