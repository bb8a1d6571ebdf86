"""Retry: the limit of tries, exponential backoff with jitter, and what the queue does."""

import math
from dataclasses import dataclass
from enum import StrEnum

from invites.errors import Code
from invites.message import Message
from invites.outcome import Outcome, Reply, Verdict

# Calls for a message that the API calls a bad request. Even at their lowest draw the waits before
# the last of them add up to over two hours: what goes away in that time dead-letters nothing.
MAX_BAD_REQUESTS = 12


@dataclass(frozen=True, slots=True)
class RetryLimit:
    """How long a message is tried.

    Attributes:
        receives: At its last receive before SQS moves it, a message gets its final reason.
        seconds: Older messages are stopped, before the queue deletes them unseen.
    """

    receives: int
    seconds: float


def give_up_if_exhausted(
    outcome: Outcome, message: Message, limit: RetryLimit, now: float, bad_requests: int = 0
) -> Outcome:
    """The outcome, or the stop that it has become.

    Args:
        outcome: Of this receive.
        message: What it is the outcome of.
        limit: How long a message is tried.
        now: Epoch seconds.
        bad_requests: How often the API has called it a bad request, this time included.

    Returns:
        `retries_exhausted` or `paused_too_long`; `refused_by_api` for one bad request too many.
    """
    if outcome.verdict not in (Verdict.RETRY, Verdict.PAUSE):
        return outcome
    if outcome.code is Code.BAD_REQUEST and bad_requests >= MAX_BAD_REQUESTS:
        return _stop(Code.REFUSED_BY_API, outcome)
    if message.receive_count < limit.receives and now - message.sent_at < limit.seconds:
        return outcome
    paused = outcome.verdict is Verdict.PAUSE
    code = Code.PAUSED_TOO_LONG if paused else Code.RETRIES_EXHAUSTED
    return _stop(code, outcome)


def _stop(code: Code, last: Outcome) -> Outcome:
    reply = Reply(last.reply.status, last.reply.message)
    return Outcome(Verdict.STOP, code, last.detail, cause=last.code, reply=reply)


# Most failures are blips, so the first wait is short; it doubles up to the longest, which is how
# late a recovered API is noticed at worst. With at least 20 receives the waits add up to more
# than a day even at their lowest draw, so that a day's outage dead-letters nothing.
INITIAL_BACKOFF = 15.0
MAX_BACKOFF = 3 * 3600.0

# Each wait is drawn from 80 to 100 % of the schedule, to spread a crowd of messages. Full jitter
# would draw from 0 and promise no horizon at all.
MIN_FRACTION = 0.8


def backoff_delay(receive_count: int, random_fraction: float) -> float:
    """Seconds until the next try.

    Args:
        receive_count: How often the message has been received, 1 or more.
        random_fraction: A number from 0 to 1, drawn anew for each wait.
    """
    # Past 12 doublings every wait is the longest; the bound keeps the power small.
    scheduled = min(MAX_BACKOFF, INITIAL_BACKOFF * 2.0 ** min(receive_count - 1, 12))
    return scheduled * (MIN_FRACTION + (1 - MIN_FRACTION) * random_fraction)


# SQS refuses a visibility of over 12 h counted from the receive; the margin is longer than a
# function runs.
MAX_HIDE_SECONDS = 12 * 3600 - 600


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


def decide(outcome: Outcome, receive_count: int, random_fraction: float) -> Disposition:
    """Delete the message of a person who is done, hide that of one who is to be tried again.

    A stopped message is made visible at once: each further receive fails it again until SQS
    itself moves it to the dead-letter queue, from where its console can send it back.
    """
    if not outcome.verdict.fails:
        return Disposition(Fate.DELETE)
    if outcome.verdict is Verdict.STOP:
        return Disposition(Fate.STOP)
    scheduled = backoff_delay(receive_count, random_fraction)
    asked = outcome.next_try.retry_after or 0.0
    match outcome.code:
        case Code.PACED:
            wait = asked  # its place in the line, and no other
        case Code.IN_PROGRESS:
            wait = min(scheduled, asked)  # most likely it is over long before the claim's end
        case _:
            wait = max(scheduled, asked)
    return Disposition(Fate.RETRY, math.ceil(min(wait, MAX_HIDE_SECONDS)))
