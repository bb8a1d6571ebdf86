"""What happens to a message, given what became of its people."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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


def dispose(outcomes: Sequence[Outcome], receive_count: int, draw: float) -> Disposition:
    """Delete when all are done, retry while any is to be retried, stop when only stops remain.

    A stopped message is made visible at once: each further receive fails it again until SQS
    itself moves it to the dead-letter queue, from where its console can send it back.
    """
    again = [one for one in outcomes if one.verdict in (Verdict.RETRY, Verdict.PAUSE)]
    if again:
        asked = max(one.wait or 0 for one in again)
        wait = max(wait_after(receive_count, draw), asked)
        return Disposition(Fate.RETRY, math.ceil(min(wait, LONGEST_HOLD)))
    if any(one.verdict is Verdict.STOP for one in outcomes):
        return Disposition(Fate.STOP)
    return Disposition(Fate.DELETE)
