"""A message that has been tried too often, or for too long, is stopped with its last reason."""

from dataclasses import dataclass

from invites.errors import Code
from invites.message import Message
from invites.outcome import Outcome, Verdict

# Calls for a message that the API calls a bad request. Even at their lowest draw the waits before
# the last of them add up to over two hours: what goes away in that time dead-letters nothing.
MAX_BAD_REQUESTS = 12


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a message is tried.

    Attributes:
        receives: At its last receive before SQS moves it, a message gets its final reason.
        seconds: Older messages are stopped, before the queue deletes them unseen.
    """

    receives: int
    seconds: float


def exhaust(
    outcome: Outcome, message: Message, patience: Patience, now: float, bad_requests: int = 0
) -> Outcome:
    """The outcome, or the stop that it has become.

    Args:
        outcome: Of this receive.
        message: What it is the outcome of.
        patience: How long a message is tried.
        now: Epoch seconds.
        bad_requests: How often the API has called it a bad request, this time included.

    Returns:
        `retries_exhausted` or `paused_too_long`; `refused_by_api` for one bad request too many.
    """
    if outcome.verdict not in (Verdict.RETRY, Verdict.PAUSE):
        return outcome
    if outcome.code is Code.BAD_REQUEST and bad_requests >= MAX_BAD_REQUESTS:
        return _stop(Code.REFUSED_BY_API, outcome)
    if message.receive_count < patience.receives and now - message.sent_at < patience.seconds:
        return outcome
    paused = outcome.verdict is Verdict.PAUSE
    code = Code.PAUSED_TOO_LONG if paused else Code.RETRIES_EXHAUSTED
    return _stop(code, outcome)


def _stop(code: Code, last: Outcome) -> Outcome:
    return Outcome(Verdict.STOP, code, last.detail, last.status, cause=last.code, said=last.said)
