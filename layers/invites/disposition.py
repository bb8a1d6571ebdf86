"""What happens to a message, given what became of its people."""

import math
from dataclasses import dataclass
from enum import StrEnum

from invites.errors import Code
from invites.outcome import Outcome, Verdict
from invites.schedule import wait_after

# SQS refuses a visibility of over 12 h counted from the receive; the margin is longer than a
# function runs.
LONGEST_HOLD = 12 * 3600 - 600


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


def dispose(outcome: Outcome, receive_count: int, draw: float) -> Disposition:
    """Delete the message of a person who is done, hide that of one who is to be tried again.

    A stopped message is made visible at once: each further receive fails it again until SQS
    itself moves it to the dead-letter queue, from where its console can send it back.
    """
    if not outcome.verdict.fails:
        return Disposition(Fate.DELETE)
    if outcome.verdict is Verdict.STOP:
        return Disposition(Fate.STOP)
    scheduled, asked = wait_after(receive_count, draw), outcome.wait or 0.0
    match outcome.code:
        case Code.PACED:
            wait = asked  # its place in the line, and no other
        case Code.IN_PROGRESS:
            wait = min(scheduled, asked)  # most likely it is over long before the claim's end
        case _:
            wait = max(scheduled, asked)
    return Disposition(Fate.RETRY, math.ceil(min(wait, LONGEST_HOLD)))
