"""A job: one message of a batch, and what is found out about it on its way."""

import math
from dataclasses import dataclass

from invites.errors import Code
from invites.invite import Invite
from invites.message import Message
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.reading.reader import ParsedMessage
from invites.reading.splitting import SplitEvents
from invites.retry import Disposition, Fate

# The content of a body that was not read yet.
UNREAD = ParsedMessage(OUT_OF_TIME)

# The outcome of a job that is still under way. A job that is forgotten is retried, not lost.
UNDECIDED = Outcome(Verdict.RETRY, Code.INTERNAL_ERROR, "nothing was decided")
_UNDISPOSED = Disposition(Fate.RETRY)


@dataclass(frozen=True, slots=True)
class Trace:
    """What earlier receives of a message have left in the ledger.

    Attributes:
        stop: The stop that they ended in; None if the message was to be retried.
        bad_requests: How often the API called the message a bad request.
    """

    stop: Outcome | None = None
    bad_requests: int = 0


@dataclass(slots=True, eq=False)
class Job:
    """One message on its way. Only the invoking thread changes it.

    Attributes:
        message: As the queue delivered it.
        trace: What earlier receives have left in the ledger; None if nothing.
        parsed: What the body says; `UNREAD` until it is read.
        slot: When its call may begin, epoch seconds; None until it is given one.
        slot_end: When that slot is over, epoch seconds: a later call needs a new slot.
        throttled: How many of its calls the API's throttle has refused in this receive.
        outcome: What became of its person; `UNDECIDED` until that is known.
        disposition: What the queue does with the message.
    """

    message: Message
    trace: Trace | None = None
    parsed: ParsedMessage = UNREAD
    slot: float | None = None
    slot_end: float = math.inf
    throttled: int = 0
    outcome: Outcome = UNDECIDED
    disposition: Disposition = _UNDISPOSED

    @property
    def is_decided(self) -> bool:
        """Whether its outcome is known."""
        return self.outcome is not UNDECIDED

    @property
    def is_known_stop(self) -> bool:
        """Whether an earlier receive has stopped it already."""
        return self.trace is not None and self.trace.stop is not None

    @property
    def is_untraced(self) -> bool:
        """Whether it may be a poison message: received before, and no trace left."""
        return self.message.receive_count > 1 and self.trace is None and not self.is_decided

    @property
    def is_to_send(self) -> bool:
        """Whether its person is still to be invited."""
        return not self.is_decided and isinstance(self.parsed.content, Invite)

    @property
    def is_to_split(self) -> bool:
        """Whether its events are still to be sent as messages of their own."""
        return not self.is_decided and isinstance(self.parsed.content, SplitEvents)

    @property
    def invite(self) -> Invite:
        """Whom it invites; raises TypeError if its message invites nobody."""
        if not isinstance(self.parsed.content, Invite):
            raise TypeError("the message invites nobody")
        return self.parsed.content

    @property
    def producer(self) -> str:
        """Who announces the person: a system and its tenant, or the source of our own event."""
        return self.parsed.origin.producer

    @property
    def bad_requests(self) -> int:
        """How often the API has called it a bad request, this receive included."""
        before = self.trace.bad_requests if self.trace else 0
        return before + (Code.BAD_REQUEST in (self.outcome.code, self.outcome.cause))
