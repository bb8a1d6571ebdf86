"""A sweep: every letter of the queue is received once, and put back unless it was deleted.

SQS has no cursor and no look-up by id. A received letter is hidden from the next receive, so a
sweep holds letters until all have come, and then makes them visible again. If the function is
killed before that, they become visible by themselves.
"""

from collections.abc import Callable, Sequence, Set
from concurrent.futures import Executor
from enum import StrEnum

from dead_letters.letter import DeadLetter
from dead_letters.ports import DeadLetterQueue
from invites.clock import Clock
from invites.errors import QueueError

# Parallel receives bring up to 10 letters each, of up to 1 MiB: 80 of them fit into the function's
# memory, and 10,000 letters take seconds.
MAX_PARALLEL_RECEIVES = 8
# A long poll asks all of SQS's servers and can still be empty by chance; two rounds of eight are
# not.
MAX_EMPTY_ROUNDS = 2

# How long a call receives. The letters that it then holds are handled well within the minute for
# which they are hidden.
WORK_SECONDS = 30.0

# Gets letters as they come; returns the ids of those that it has deleted.
Handle = Callable[[Sequence[DeadLetter]], Set[str]]


class SweepEnd(StrEnum):
    """How a sweep ended."""

    ALL_SEEN = "all_seen"
    # No more came, but the queue counts more: another call holds them, for a minute at most.
    OTHERS_HIDDEN = "others_hidden"
    ENOUGH = "enough"
    OUT_OF_TIME = "out_of_time"

    @property
    def is_incomplete(self) -> bool:
        """Whether another call may see letters that this one did not see."""
        return self in (SweepEnd.OTHERS_HIDDEN, SweepEnd.OUT_OF_TIME)


class Sweep:
    """Sweeps the queue.

    Args:
        queue: Holds the letters.
        executor: Runs receives in parallel.
        clock: Tells the time.
    """

    def __init__(self, queue: DeadLetterQueue, executor: Executor, clock: Clock) -> None:
        self._queue = queue
        self._executor = executor
        self._clock = clock

    def run(
        self, handle: Handle, until: float, is_enough: Callable[[], bool] = lambda: False
    ) -> SweepEnd:
        """Give every letter to `handle` once.

        Args:
            handle: Gets letters as they come; returns the ids of those that it has deleted.
            until: Epoch seconds at which receiving ends. The letters held then stay hidden for
                the rest of their minute, so that the next call receives the others first.
            is_enough: Whether no more letters are wanted.

        Raises:
            QueueError: SQS cannot be reached. If that happens after the first letters, the sweep
                ends as out of time instead: what was done must be reported.
        """
        held: dict[str, str] = {}
        seen: set[str] = set()
        try:
            end = self._receive(handle, until, is_enough, held, seen)
            is_short = end is SweepEnd.ALL_SEEN and self._queue.count() > len(held)
        except QueueError:
            if not seen:
                raise
            return SweepEnd.OUT_OF_TIME
        if end is not SweepEnd.OUT_OF_TIME:
            self._queue.release(list(held.values()))
        return SweepEnd.OTHERS_HIDDEN if is_short else end

    def _receive(
        self,
        handle: Handle,
        until: float,
        is_enough: Callable[[], bool],
        held: dict[str, str],
        seen: set[str],
    ) -> SweepEnd:
        empty_rounds = 0
        while empty_rounds < MAX_EMPTY_ROUNDS:
            if is_enough():
                return SweepEnd.ENOUGH
            if self._clock.now() > until:
                return SweepEnd.OUT_OF_TIME
            letters = self._receive_round()
            empty_rounds = 0 if letters else empty_rounds + 1
            # Of a letter that SQS delivers twice, the newer receipt handle counts.
            held |= {letter.message_id: letter.receipt_handle for letter in letters}
            fresh = {
                letter.message_id: letter for letter in letters if letter.message_id not in seen
            }
            seen.update(fresh)
            for deleted in handle(list(fresh.values())) if fresh else ():
                held.pop(deleted, None)
        return SweepEnd.ALL_SEEN

    def _receive_round(self) -> list[DeadLetter]:
        calls = [self._executor.submit(self._queue.receive) for _ in range(MAX_PARALLEL_RECEIVES)]
        return [letter for call in calls for letter in call.result()]
