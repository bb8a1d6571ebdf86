"""A sweep: every letter of the queue is received once, and put back unless it is dealt with.

SQS has no cursor and no look-up. A letter that was received is hidden from the next receive, so
letters are held until all have come; all are made visible again at the end, or become so by
themselves if there is no end.
"""

from collections.abc import Callable, Sequence, Set
from concurrent.futures import Executor
from enum import StrEnum
from typing import Protocol

from dead_letters.letter import DeadLetter
from invites.clock import Clock
from invites.errors import QueueError

# So many receives side by side, of up to 10 letters of up to 1 MiB each: what they bring fits into
# the function's memory, and 10,000 letters take seconds.
MAX_PARALLEL_RECEIVES = 8
# A long poll asks all of SQS's servers, and can still be empty by chance; so many rounds are not.
EMPTY_ROUNDS = 2

# What of a call is for receiving; what it then holds is dealt with well within the minute for
# which letters are hidden.
WORK_SECONDS = 30.0


class DeadLetterQueue(Protocol):
    """Where letters are. Safe to use from several threads."""

    def count(self) -> int:
        """How many letters there are, hidden ones too: approximate; raises QueueError."""

    def receive(self) -> Sequence[DeadLetter]:
        """Up to 10 letters, hidden for a minute; raises QueueError."""

    def release(self, receipts: Sequence[str]) -> None:
        """Make them visible at once; those for which that fails become so by themselves."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete them; raises QueueError if any may still be there."""


class ScanEnd(StrEnum):
    """How a sweep ended."""

    ALL_SEEN = "all_seen"
    # No more came, but there are more: somebody else holds them, for a minute at most.
    OTHERS_HIDDEN = "others_hidden"
    ENOUGH = "enough"
    OUT_OF_TIME = "out_of_time"

    @property
    def is_short(self) -> bool:
        """Whether another call may see letters that this one did not."""
        return self in (ScanEnd.OTHERS_HIDDEN, ScanEnd.OUT_OF_TIME)


class Sweep:
    """Sweeps the queue.

    Args:
        queue: Where letters are.
        executor: Runs calls side by side.
        clock: Tells the time.
    """

    def __init__(self, queue: DeadLetterQueue, executor: Executor, clock: Clock) -> None:
        self._queue = queue
        self._executor = executor
        self._clock = clock

    def run(
        self,
        deal_with: Callable[[Sequence[DeadLetter]], Set[str]],
        until: float,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> ScanEnd:
        """Show every letter to `deal_with`, once.

        Args:
            deal_with: Gets letters as they come; returns the ids of those that it has deleted.
            until: Epoch seconds at which no more are received. What is held then stays hidden
                for the rest of its minute, so that the next call sees the others first.
            is_enough: Whether no more are wanted.

        Raises:
            QueueError: SQS cannot be reached. If that happens on the way, it ends as out of time:
                what was done is not to be forgotten.
        """
        held: dict[str, str] = {}
        seen: set[str] = set()
        try:
            ended = self._receive(deal_with, until, is_enough, held, seen)
            is_short = ended is ScanEnd.ALL_SEEN and self._queue.count() > len(held)
        except QueueError:
            if not seen:
                raise
            return ScanEnd.OUT_OF_TIME
        if ended is not ScanEnd.OUT_OF_TIME:
            self._queue.release(list(held.values()))
        return ScanEnd.OTHERS_HIDDEN if is_short else ended

    def _receive(
        self,
        deal_with: Callable[[Sequence[DeadLetter]], Set[str]],
        until: float,
        is_enough: Callable[[], bool],
        held: dict[str, str],
        seen: set[str],
    ) -> ScanEnd:
        empty = 0
        while empty < EMPTY_ROUNDS:
            if is_enough():
                return ScanEnd.ENOUGH
            if self._clock.now() > until:
                return ScanEnd.OUT_OF_TIME
            letters = self._round()
            empty = 0 if letters else empty + 1
            # A letter that SQS delivers twice is held by its newer receive.
            held |= {one.message_id: one.receipt_handle for one in letters}
            fresh = {one.message_id: one for one in letters if one.message_id not in seen}
            seen.update(fresh)
            for dealt_with in deal_with(list(fresh.values())) if fresh else ():
                held.pop(dealt_with, None)
        return ScanEnd.ALL_SEEN

    def _round(self) -> list[DeadLetter]:
        calls = [self._executor.submit(self._queue.receive) for _ in range(MAX_PARALLEL_RECEIVES)]
        return [letter for call in calls for letter in call.result()]
