"""dead_letters.sweep."""

from collections.abc import Sequence

import pytest

from dead_letters.letter import DeadLetter
from dead_letters.sweep import MAX_PARALLEL_RECEIVES, WORK_SECONDS, Sweep, SweepEnd
from invites.errors import QueueError
from support.build import InlineExecutor
from support.dead_letters import MemoryDeadLetterQueue, Triage, letter, make_triage


class FlakyQueue(MemoryDeadLetterQueue):
    """A queue that fails after so many receives."""

    max_receives = 0

    def receive(self) -> Sequence[DeadLetter]:
        """Receive, or fail."""
        if self.receives >= self.max_receives:
            raise QueueError("the dead-letter queue cannot be read: Down")
        return super().receive()


class FlakyOnTheWay(FlakyQueue):
    """A queue that fails in the second round."""

    max_receives = MAX_PARALLEL_RECEIVES + 4


def _sweep(triage: Triage, seen: list[str], seconds: float = WORK_SECONDS) -> SweepEnd:
    def look(letters: Sequence[DeadLetter]) -> set[str]:
        seen.extend(letter.message_id for letter in letters)
        triage.clock.time += 1
        return set()

    sweep = Sweep(triage.queue, InlineExecutor(), triage.deps.clock)
    return sweep.run(look, triage.clock.time + seconds)


def test_every_letter_is_seen_once_and_visible_afterwards() -> None:
    triage, seen = make_triage([letter(n) for n in range(203)]), list[str]()
    assert _sweep(triage, seen) is SweepEnd.ALL_SEEN
    assert sorted(seen) == sorted(triage.queue.ids)
    assert triage.queue.are_all_visible()


def test_after_a_sweep_out_of_time_the_next_one_sees_the_other_letters_first() -> None:
    """The letters that were seen stay hidden for the rest of their minute."""
    triage, seen = make_triage([letter(n) for n in range(200)]), list[str]()
    assert _sweep(triage, seen, seconds=0) is SweepEnd.OUT_OF_TIME
    assert len(seen) == 80
    assert not any(triage.queue.is_visible(message_id) for message_id in seen)
    assert _sweep(triage, seen) is SweepEnd.OTHERS_HIDDEN
    assert sorted(seen) == sorted(triage.queue.ids)


def test_a_queue_that_fails_at_once_is_an_error() -> None:
    triage = make_triage([letter(1)], queue_type=FlakyQueue)
    with pytest.raises(QueueError):
        _sweep(triage, [])


def test_a_queue_that_fails_on_the_way_ends_the_sweep_as_out_of_time() -> None:
    """What was done until then must be reported."""
    triage = make_triage([letter(n) for n in range(200)], queue_type=FlakyOnTheWay)
    seen = list[str]()
    assert _sweep(triage, seen) is SweepEnd.OUT_OF_TIME
    assert len(seen) == 80
