"""invites.sending.dispatcher: the deadline, and calls that do not end."""

import pytest

from invites.clock import BatchLimits
from invites.errors import Code
from invites.invite import Invite
from invites.outcome import SLOT_MISSED, Outcome, Verdict
from invites.sending.rate_limit import MAX_SLOT_DELAY
from support.build import LATEST, NOW, MemoryPace
from support.fakes import INVITED
from unit.courier_tests import Drive, people

LATE = Outcome(Verdict.RETRY, Code.OUT_OF_TIME, "the batch took too long")


def slow(seconds: float) -> Drive:
    """A courier of which each call takes so long, one after the other."""

    def answer(_: Invite) -> Outcome:
        drive.clock.time += seconds
        return INVITED

    drive = Drive(
        answer,
        bounds=BatchLimits(
            max_parallel=1, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0
        ),
    )
    return drive


@pytest.mark.parametrize(("seconds", "calls"), [(30.0, 3), (35.0, 3), (36.0, 2), (71.0, 1)])
def test_no_call_begins_that_cannot_end(seconds: float, calls: int) -> None:
    """A call may begin as long as it and what follows it can end before the function does."""
    drive = slow(seconds)
    outcomes = drive.deliver(people(5))
    assert outcomes == [INVITED] * calls + [LATE] * (5 - calls)
    assert all(moment <= LATEST for moment, _ in drive.calls)


@pytest.mark.parametrize("left", [79.9, 20.0, 0.0, -5.0])
def test_a_function_that_has_no_time_left(left: float) -> None:
    """Nobody is called, and nothing is waited for."""
    drive = Drive()
    assert drive.deliver(people(2), NOW + left) == [LATE] * 2
    assert (drive.calls, drive.clock.slept) == ([], [])


def test_just_enough_time() -> None:
    """At the very last moment a call still begins."""
    assert Drive().deliver(people(2), NOW + 80.0) == [INVITED] * 2


def test_slots() -> None:
    """With a limit people are called one slot after the other, and the waiting is done here."""
    drive = Drive(pace=MemoryPace(60))
    assert drive.deliver(people(10)) == [INVITED] * 10
    assert [moment - NOW for moment, _ in drive.calls] == [float(n) for n in range(10)]
    assert drive.clock.slept == [1.0] * 9


def test_slots_that_are_too_late() -> None:
    """Who has no slot before the deadline comes again at a place in the line."""
    drive = Drive(pace=MemoryPace(2))
    outcomes = drive.deliver(people(5))
    assert outcomes[:3] == [INVITED] * 3
    assert [(one.code, one.next_try.retry_after) for one in outcomes[3:]] == [
        (Code.PACED, 90.0),
        (Code.PACED, 120.0),
    ]
    assert [moment - NOW for moment, _ in drive.calls] == [0.0, 30.0, 60.0]


def test_two_environments() -> None:
    """The limit is one for all of them."""
    pace = MemoryPace(60)
    one, other = Drive(pace=pace), Drive(pace=pace)
    one.deliver(people(3))
    other.deliver(people(3, first=3))
    moments = [moment - NOW for moment, _ in one.calls + other.calls]
    assert moments == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_slots_that_are_overdue() -> None:
    """Calls that take long let slots pass: those who held them do not all go at once."""

    def answer(_: Invite) -> Outcome:
        if len(drive.calls) == 1:
            drive.clock.time += 20
        return INVITED

    drive = Drive(answer, pace=MemoryPace(60))
    assert drive.deliver(people(30)) == [INVITED] * 30
    moments = [moment - NOW for moment, _ in drive.calls]
    # Slots 18 to 20 are not too old; 1 to 17 are taken anew, after all others.
    assert moments == [0.0, 20.0, 20.0, 20.0, *map(float, range(21, 47))]


@pytest.mark.parametrize(("late", "slots"), [(MAX_SLOT_DELAY, 2), (MAX_SLOT_DELAY + 0.1, 3)])
def test_a_slot_just_overdue(late: float, slots: int) -> None:
    """One that is a little late is used all the same, or nobody would ever be sent."""

    def answer(_: Invite) -> Outcome:
        drive.clock.time = NOW + 1 + late
        return INVITED

    pace = MemoryPace(60)
    drive = Drive(answer, pace=pace)
    assert drive.deliver(people(2)) == [INVITED] * 2
    assert pace.state.next_slot == NOW + (2 if slots == 2 else 2 + late)


def test_a_slot_that_was_missed() -> None:
    """Who was held up until another's time takes a slot anew, after all others."""
    answers = iter([SLOT_MISSED, INVITED, INVITED])
    drive = Drive(lambda _: next(answers), pace=MemoryPace(60))
    assert drive.deliver(people(2)) == [INVITED] * 2
    assert drive.calls == [
        (NOW, "person0@example.test"),
        (NOW + 1, "person1@example.test"),
        (NOW + 2, "person0@example.test"),
    ]
