"""A message that has been tried too often, or for too long, is stopped with its last reason."""

from dataclasses import dataclass

from invites.errors import Code
from invites.message import Message
from invites.outcome import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a message is tried.

    Attributes:
        receives: At its last receive before SQS moves it, a message gets its final reason.
        seconds: Older messages are stopped, before the queue deletes them unseen.
    """

    receives: int
    seconds: float


def exhaust(outcome: Outcome, message: Message, patience: Patience, now: float) -> Outcome:
    """The outcome, or the stop that it has become: `retries_exhausted`, `paused_too_long`."""
    if outcome.verdict not in (Verdict.RETRY, Verdict.PAUSE):
        return outcome
    if message.receive_count < patience.receives and now - message.sent_at < patience.seconds:
        return outcome
    paused = outcome.verdict is Verdict.PAUSE
    code = Code.PAUSED_TOO_LONG if paused else Code.RETRIES_EXHAUSTED
    return Outcome(
        Verdict.STOP, code, outcome.detail, outcome.status, cause=outcome.code, said=outcome.said
    )
