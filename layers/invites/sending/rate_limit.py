"""The pace: so many invites a minute, over all execution environments.

A generic cell rate algorithm (GCRA): the state is the time of the next free slot, and taking n
slots moves it n intervals on. A second time is the end of the line: messages that no slot is left
for in this invocation are put back to come again one interval after the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# A slot that is used late adds to those whose time it is then, so that for a moment there are more
# calls than the pace allows: by no more than fit into this, in seconds. Later, a new one is taken,
# also by who had to wait for the claim or for the token.
MAX_SLOT_DELAY = 2.0


@dataclass(frozen=True, slots=True)
class RateLimitState:
    """Epoch seconds of the next free slot, and of the next place in the line."""

    next_slot: float = 0.0
    queue_end: float = 0.0


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots that were taken.

    Attributes:
        calls: When to call for the first people, epoch seconds.
        returns: When the others are to come again, epoch seconds.
        grace: How long after its moment a slot may be used, in seconds.
    """

    calls: Sequence[float]
    returns: Sequence[float]
    grace: float = MAX_SLOT_DELAY


class RateLimiter(Protocol):
    """Gives out slots, for all execution environments together."""

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Reserve up to `count` slots that are not after `latest`; raises LedgerError.

        `per_minute` is what the API was seen to allow, 0 if it was not seen; the limit of the
        deployment, if it has one, holds as well.
        """

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """When `count` people are to come again at this rate; raises LedgerError."""


# The line is no longer than this, in seconds: SQS hides a message for 12 h at most. Who has no
# place in it comes again somewhere on its length, and tries anew.
MAX_QUEUE_SECONDS = 11 * 3600.0


def take_slots(
    state: RateLimitState,
    count: int,
    now: float,
    latest: float,
    interval: float,
    *,
    random_fraction: float,
) -> tuple[Slots, RateLimitState]:
    """Take slots, and places in the line for those who get none.

    Args:
        state: As it is stored.
        count: How many people there are.
        now: Epoch seconds.
        latest: No call may begin after it, epoch seconds.
        interval: Seconds between two slots.
        random_fraction: From 0 to 1, drawn for each call; it spreads those for whom the queue is
            too long.

    Returns:
        The slots, and the state to be stored if it has not changed meanwhile.
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
    line = min(place + left * interval, now + MAX_QUEUE_SECONDS) if returns else state.queue_end
    return Slots(calls, returns), RateLimitState(next_slot if calls else state.next_slot, line)


def slower(per_minute: float, other: float) -> float:
    """The lower of two rates, of which 0 is no limit."""
    return min(per_minute, other) if per_minute and other else per_minute or other
