"""dead_letters.sweep."""

from collections.abc import Sequence

import pytest

from dead_letters.letter import DeadLetter
from dead_letters.sweep import WORK_SECONDS, ScanEnd, Sweep
from invites.errors import QueueError
from support.build import InlineExecutor
from support.triage_fakes import MemoryLetters, letter
from unit.triage_parts import Parts, parts


class FlakyLetters(MemoryLetters):
    """Cannot be received from after so many receives."""

    works = 0

    def receive(self) -> Sequence[DeadLetter]:
        """Receive, or fail."""
        if self.receives >= self.works:
            raise QueueError("the dead-letter queue cannot be read: Down")
        return super().receive()


def _sweep(there: Parts, seen: list[str], seconds: float = WORK_SECONDS) -> ScanEnd:
    def look(letters: Sequence[DeadLetter]) -> set[str]:
        seen.extend(one.message_id for one in letters)
        there.clock.time += 1
        return set()

    sweep = Sweep(there.letters, InlineExecutor(), there.tools.clock)
    return sweep.run(look, there.clock.time + seconds)


def test_every_letter_is_seen_once() -> None:
    """However many there are, and all are visible afterwards."""
    there, seen = parts([letter(n) for n in range(203)]), list[str]()
    assert _sweep(there, seen) is ScanEnd.ALL_SEEN
    assert sorted(seen) == sorted(there.letters.ids)
    assert all(there.letters.is_visible(one) for one in there.letters.ids)


def test_out_of_time_the_next_call_goes_on() -> None:
    """What was seen stays hidden for the rest of its minute, so that the others come first."""
    there, seen = parts([letter(n) for n in range(200)]), list[str]()
    assert _sweep(there, seen, seconds=0) is ScanEnd.OUT_OF_TIME
    assert len(seen) == 80
    assert not any(there.letters.is_visible(one) for one in seen)
    assert _sweep(there, seen) is ScanEnd.OTHERS_HIDDEN
    assert sorted(seen) == sorted(there.letters.ids)


def test_a_queue_that_fails_on_the_way() -> None:
    """What was done counts; if nothing was, the failure is told."""
    there, seen = parts([letter(n) for n in range(200)], queue=FlakyLetters), list[str]()
    with pytest.raises(QueueError):
        _sweep(there, seen)
    FlakyLetters.works = 12
    try:
        assert _sweep(there, seen) is ScanEnd.OUT_OF_TIME
    finally:
        FlakyLetters.works = 0
    assert len(seen) == 80
