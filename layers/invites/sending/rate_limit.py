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
LATEST_SLOT_USE = 2.0


@dataclass(frozen=True, slots=True)
class PaceState:
    """Epoch seconds of the next free slot, and of the next place in the line."""

    next_slot: float = 0.0
    line: float = 0.0


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
    grace: float = LATEST_SLOT_USE


class Pace(Protocol):
    """Gives out slots, for all execution environments together."""

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Reserve up to `count` slots that are not after `latest`; raises LedgerError.

        `per_minute` is what the API was seen to allow, 0 if it was not seen; the limit of the
        deployment, if it has one, holds as well.
        """

    def line_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """When `count` people are to come again at this rate; raises LedgerError."""


# The line is no longer than this, in seconds: SQS hides a message for 12 h at most. Who has no
# place in it comes again somewhere on its length, and tries anew.
LONGEST_LINE = 11 * 3600.0


def take_slots(
    state: PaceState, count: int, now: float, latest: float, interval: float, *, draw: float
) -> tuple[Slots, PaceState]:
    """Take slots, and places in the line for those who get none.

    Args:
        state: As it is stored.
        count: How many people there are.
        now: Epoch seconds.
        latest: No call may begin after it, epoch seconds.
        interval: Seconds between two slots.
        draw: A number from 0 to 1, drawn anew, that spreads those for whom the line is too long.

    Returns:
        The slots, and the state to be stored if it has not changed meanwhile.
    """
    first = max(now, state.next_slot)
    fitting = min(count, max(0, math.floor((latest - first) / interval) + 1))
    calls = [first + number * interval for number in range(fitting)]
    next_slot = first + fitting * interval
    place, left = max(next_slot, state.line), count - fitting
    returns = [
        later
        if (later := place + number * interval) <= now + LONGEST_LINE
        else now + (draw + number / left) % 1.0 * LONGEST_LINE
        for number in range(left)
    ]
    line = min(place + left * interval, now + LONGEST_LINE) if returns else state.line
    return Slots(calls, returns), PaceState(next_slot if calls else state.next_slot, line)


def slower(per_minute: float, other: float) -> float:
    """The lower of two rates, of which 0 is no limit."""
    return min(per_minute, other) if per_minute and other else per_minute or other
