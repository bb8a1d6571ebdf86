"""Retry: the limit of tries, exponential backoff with jitter, and what the queue does next."""

import math
from dataclasses import dataclass
from enum import StrEnum

from invites.errors import Code
from invites.message import Message
from invites.outcome import Outcome, Reply, Verdict

# Most failures are blips, so the first wait is short. It doubles up to the longest, which is how
# late a recovered API is noticed at worst. With at least 20 receives the waits add up to more than
# a day even with the lowest jitter, so an outage of a day dead-letters nothing.
INITIAL_BACKOFF = 15.0
MAX_BACKOFF = 3 * 3600.0

# Jitter: each wait is drawn from 80 to 100 % of the schedule, so that messages which failed
# together come back apart. Full jitter would draw from 0 and promise no horizon at all.
MIN_FRACTION = 0.8

# Calls for a message that the API calls a bad request. The waits before the last of them add up to
# over two hours even with the lowest jitter: a mistake of the API's that is mended in that time
# dead-letters nothing.
MAX_BAD_REQUESTS = 12

# SQS refuses a visibility timeout of over 12 h, counted from the receive. The margin is longer than
# the function may run.
MAX_HIDE_SECONDS = 12 * 3600 - 600


@dataclass(frozen=True, slots=True)
class RetryLimit:
    """How long a message is tried.

    Attributes:
        receives: A message that fails at this receive is stopped with its final reason. SQS moves
            it to the dead-letter queue soon after.
        seconds: A message that is older is stopped before SQS deletes it for its age.
    """

    receives: int
    seconds: float


class Fate(StrEnum):
    """What the queue does with the message."""

    DELETE = "delete"
    RETRY = "retry"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Disposition:
    """A fate, and how many seconds the message stays hidden before its next receive."""

    fate: Fate
    wait: int = 0


def give_up_if_exhausted(
    outcome: Outcome, message: Message, limit: RetryLimit, now: float, bad_requests: int = 0
) -> Outcome:
    """The outcome, or a stop if the message has reached its limit.

    Args:
        outcome: Of this receive.
        message: The message with this outcome.
        limit: How long a message is tried.
        now: Epoch seconds.
        bad_requests: How often the API has called it a bad request, this receive included.

    Returns:
        The outcome as it is below the limit. Beyond it, a stop: `retries_exhausted`,
        `paused_too_long`, or `refused_by_api` for one bad request too many.
    """
    if outcome.verdict not in (Verdict.RETRY, Verdict.PAUSE):
        return outcome
    if outcome.code is Code.BAD_REQUEST and bad_requests >= MAX_BAD_REQUESTS:
        return _stop(Code.REFUSED_BY_API, outcome)
    if message.receive_count < limit.receives and now - message.sent_at < limit.seconds:
        return outcome
    is_paused = outcome.verdict is Verdict.PAUSE
    return _stop(Code.PAUSED_TOO_LONG if is_paused else Code.RETRIES_EXHAUSTED, outcome)


def _stop(code: Code, last: Outcome) -> Outcome:
    reply = Reply(last.reply.status, last.reply.message)
    return Outcome(Verdict.STOP, code, last.detail, cause=last.code, reply=reply)


def decide(outcome: Outcome, receive_count: int, random_fraction: float) -> Disposition:
    """Delete the message of a settled person, hide one that is retried, stop one that cannot be.

    A stopped message is made visible at once. Each further receive fails it again, until SQS
    itself moves it to the dead-letter queue; from there it can be redriven to where it came from.

    Args:
        outcome: What became of the person.
        receive_count: How often the message has been received, 1 or more.
        random_fraction: A new random number from 0 to 1, for the jitter.
    """
    if not outcome.verdict.fails:
        return Disposition(Fate.DELETE)
    if outcome.verdict is Verdict.STOP:
        return Disposition(Fate.STOP)
    backoff = backoff_delay(receive_count, random_fraction)
    retry_after = outcome.next_try.retry_after or 0.0
    match outcome.code:
        case Code.PACED:
            wait = retry_after  # exactly when it was given a place
        case Code.IN_PROGRESS:
            wait = min(backoff, retry_after)  # the other call most likely ends before its claim
        case _:
            wait = max(backoff, retry_after)
    return Disposition(Fate.RETRY, math.ceil(min(wait, MAX_HIDE_SECONDS)))


def backoff_delay(receive_count: int, random_fraction: float) -> float:
    """Seconds until the next try.

    Args:
        receive_count: How often the message has been received, 1 or more.
        random_fraction: A new random number from 0 to 1, for the jitter.
    """
    # Past 12 doublings every wait is the longest; the bound keeps the power small.
    longest = min(MAX_BACKOFF, INITIAL_BACKOFF * 2.0 ** min(receive_count - 1, 12))
    return longest * (MIN_FRACTION + (1 - MIN_FRACTION) * random_fraction)
