"""invites.sending.dispatcher: deadline, slots, and calls that hang."""

from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Event

import pytest

from invites.clock import BatchLimits
from invites.errors import Code
from invites.invite import Invite
from invites.outcome import OUT_OF_TIME, SLOT_MISSED, Outcome, Verdict
from invites.sending.dispatcher import HUNG
from invites.sending.rate_limit import MAX_SLOT_DELAY
from support.build import LATEST, NOW, MemoryPace
from support.dispatcher_harness import ONE_AT_A_TIME, DispatcherHarness, people
from support.fakes import INVITED

LATE = Outcome(Verdict.RETRY, Code.OUT_OF_TIME, "the batch took too long")


def slow(seconds: float) -> DispatcherHarness:
    """A dispatcher whose calls take so long, one after the other."""

    def answer(_: Invite) -> Outcome:
        harness.clock.time += seconds
        return INVITED

    harness = DispatcherHarness(answer, limits=ONE_AT_A_TIME)
    return harness


@pytest.mark.parametrize(("seconds", "calls"), [(30.0, 3), (35.0, 3), (36.0, 2), (71.0, 1)])
def test_no_call_begins_that_may_outlast_the_function(seconds: float, calls: int) -> None:
    harness = slow(seconds)
    outcomes = harness.send_all(people(5))
    assert outcomes == [INVITED] * calls + [LATE] * (5 - calls)
    assert all(moment <= LATEST for moment, _ in harness.calls)


@pytest.mark.parametrize("left", [79.9, 20.0, 0.0, -5.0])
def test_without_time_nobody_is_called_and_nothing_waited_for(left: float) -> None:
    harness = DispatcherHarness()
    assert harness.send_all(people(2), NOW + left) == [LATE] * 2
    assert (harness.calls, harness.clock.slept) == ([], [])


def test_a_call_still_begins_at_the_last_moment() -> None:
    assert DispatcherHarness().send_all(people(2), NOW + 80.0) == [INVITED] * 2


def test_people_are_called_slot_by_slot() -> None:
    harness = DispatcherHarness(rate_limiter=MemoryPace(60))
    assert harness.send_all(people(10)) == [INVITED] * 10
    assert [moment - NOW for moment, _ in harness.calls] == [float(n) for n in range(10)]
    assert harness.clock.slept == [1.0] * 9


def test_a_person_without_a_slot_in_time_comes_again_at_a_place_in_the_queue() -> None:
    harness = DispatcherHarness(rate_limiter=MemoryPace(2))
    outcomes = harness.send_all(people(5))
    assert outcomes[:3] == [INVITED] * 3
    assert [(late.code, late.next_try.retry_after) for late in outcomes[3:]] == [
        (Code.PACED, 90.0),
        (Code.PACED, 120.0),
    ]
    assert [moment - NOW for moment, _ in harness.calls] == [0.0, 30.0, 60.0]


def test_the_rate_limit_is_one_for_all_environments() -> None:
    limiter = MemoryPace(60)
    first, second = DispatcherHarness(rate_limiter=limiter), DispatcherHarness(rate_limiter=limiter)
    first.send_all(people(3))
    second.send_all(people(3, first=3))
    moments = [moment - NOW for moment, _ in first.calls + second.calls]
    assert moments == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_slots_that_pass_during_a_long_call_are_not_used_all_at_once() -> None:
    def answer(_: Invite) -> Outcome:
        if len(harness.calls) == 1:
            harness.clock.time += 20
        return INVITED

    harness = DispatcherHarness(answer, rate_limiter=MemoryPace(60))
    assert harness.send_all(people(30)) == [INVITED] * 30
    moments = [moment - NOW for moment, _ in harness.calls]
    # Slots 18 to 20 are not too old; 1 to 17 are taken anew, after all others.
    assert moments == [0.0, 20.0, 20.0, 20.0, *map(float, range(21, 47))]


@pytest.mark.parametrize(("late", "slots"), [(MAX_SLOT_DELAY, 2), (MAX_SLOT_DELAY + 0.1, 3)])
def test_a_slot_is_still_used_two_seconds_late(late: float, slots: int) -> None:
    def answer(_: Invite) -> Outcome:
        harness.clock.time = NOW + 1 + late
        return INVITED

    limiter = MemoryPace(60)
    harness = DispatcherHarness(answer, rate_limiter=limiter)
    assert harness.send_all(people(2)) == [INVITED] * 2
    assert limiter.state.next_slot == NOW + (2 if slots == 2 else 2 + late)


def test_a_job_that_missed_its_slot_goes_after_all_others() -> None:
    answers = iter([SLOT_MISSED, INVITED, INVITED])
    harness = DispatcherHarness(lambda _: next(answers), rate_limiter=MemoryPace(60))
    assert harness.send_all(people(2)) == [INVITED] * 2
    assert harness.calls == [
        (NOW, "person0@example.test"),
        (NOW + 1, "person1@example.test"),
        (NOW + 2, "person0@example.test"),
    ]


# The clock stands still: so much is left besides the time that is needed to settle.
LEFT = 0.3


class HangingCall:
    """A dispatcher whose call for one person hangs until it is released."""

    def __init__(self, threads: Executor, number: int) -> None:
        self.released = Event()
        self._email = f"person{number}@example.test"
        limits = BatchLimits(
            max_parallel=3, call_seconds=0.0, settle_seconds=20.0, send_seconds=10.0
        )
        self.harness = DispatcherHarness(self._answer, executor=threads, limits=limits)

    def send_all(self, count: int) -> list[Outcome]:
        """Send, and return the outcomes as they are at the end of the batch."""
        return self.harness.send_all(people(count), NOW + 20 + LEFT)

    def _answer(self, invite: Invite) -> Outcome:
        if invite.email == self._email:
            self.released.wait(30)
        return INVITED


def test_a_call_that_hangs_is_given_up_in_doubt_and_the_others_have_their_outcomes() -> None:
    with ThreadPoolExecutor(3) as threads:
        hanging = HangingCall(threads, 1)
        outcomes = hanging.send_all(3)
        hanging.released.set()
    assert outcomes == [INVITED, HUNG, INVITED]
    assert (HUNG.verdict, HUNG.code) == (Verdict.RETRY, Code.INTERRUPTED)
    assert HUNG.next_try.in_doubt


def test_a_call_without_a_thread_never_begins_after_the_batch() -> None:
    with ThreadPoolExecutor(1) as threads:
        hanging = HangingCall(threads, 0)
        outcomes = hanging.send_all(3)
        hanging.released.set()
    assert outcomes == [HUNG, OUT_OF_TIME, OUT_OF_TIME]
    assert (OUT_OF_TIME.verdict, OUT_OF_TIME.code) == (Verdict.RETRY, Code.OUT_OF_TIME)
    assert not OUT_OF_TIME.next_try.in_doubt
    assert [email for _, email in hanging.harness.calls] == ["person0@example.test"]
