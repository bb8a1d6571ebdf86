"""The rate limit (GCRA): so many invitations a minute, over all execution environments.

GCRA is the generic cell rate algorithm: the state is the time of the next free slot, and taking n
slots moves it on by n intervals. Jobs that get no slot in this invocation queue up for later ones:
a second time is the end of that queue, and the jobs come again one interval after the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# A slot that is used late adds a call to the calls of that later moment, so for a while there are
# more calls than the limit allows: by no more than fit into these seconds. After them a call needs
# a new slot, whether it was held up by the claim, the token or anything else.
MAX_SLOT_DELAY = 2.0

# The longest queue, in seconds: SQS hides a message for 12 h at most. A job that finds it full
# comes again at a random moment of its length, and tries again.
MAX_QUEUE_SECONDS = 11 * 3600.0


@dataclass(frozen=True, slots=True)
class RateLimitState:
    """Epoch seconds of the next free slot, and of the end of the queue."""

    next_slot: float = 0.0
    queue_end: float = 0.0


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots that were taken, and places in the queue for the rest.

    Attributes:
        calls: When to call for the first jobs, epoch seconds.
        returns: When the other jobs are to come again, epoch seconds.
        grace: How long after its moment a slot may be used, in seconds.
    """

    calls: Sequence[float]
    returns: Sequence[float]
    grace: float = MAX_SLOT_DELAY


class RateLimiter(Protocol):
    """Gives out slots, for all execution environments."""

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Reserve up to `count` slots that are not after `latest`; raises LedgerError.

        `per_minute` is the rate that the API was seen to allow, 0 if none was seen. A limit of the
        deployment's own holds as well.
        """

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """When each of `count` jobs is to come again at this rate; raises LedgerError."""


def take_slots(
    state: RateLimitState,
    count: int,
    now: float,
    latest: float,
    interval: float,
    *,
    random_fraction: float,
) -> tuple[Slots, RateLimitState]:
    """Take slots, and places in the queue for the jobs that get none.

    Args:
        state: As it is stored.
        count: How many jobs there are.
        now: Epoch seconds.
        latest: No call may begin after it, epoch seconds.
        interval: Seconds between two slots.
        random_fraction: A new random number from 0 to 1. It spreads the jobs that find the queue
            full.

    Returns:
        The slots, and the state to store if the stored one has not changed meanwhile.
    """
    first = max(now, state.next_slot)
    fitting = min(count, max(0, math.floor((latest - first) / interval) + 1))
    calls = [first + number * interval for number in range(fitting)]
    next_slot = first + fitting * interval
    place, left = max(next_slot, state.queue_end), count - fitting
    returns = [
        later
        if (later := place + number * interval) <= now + MAX_QUEUE_SECONDS
        else now + (random_fraction + number / left) % 1.0 * MAX_QUEUE_SECONDS
        for number in range(left)
    ]
    end = min(place + left * interval, now + MAX_QUEUE_SECONDS) if returns else state.queue_end
    return Slots(calls, returns), RateLimitState(next_slot if calls else state.next_slot, end)


def lower_rate(per_minute: float, other: float) -> float:
    """The lower of two rates; 0 stands for no limit."""
    return min(per_minute, other) if per_minute and other else per_minute or other
