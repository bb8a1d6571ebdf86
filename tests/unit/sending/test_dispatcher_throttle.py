"""invites.sending.dispatcher: what the API's throttle changes."""

from collections import Counter
from collections.abc import Sequence

import pytest

from invites.errors import Code, LedgerError
from invites.outcome import Outcome, Reply, Verdict
from support.build import NOW, MemoryPace
from support.dispatcher_harness import (
    DOWN,
    ONE_AT_A_TIME,
    PAUSED,
    DispatcherHarness,
    answers,
    people,
    throttled,
)
from support.fakes import INVITED


@pytest.mark.parametrize("wait", [1.0, 30.0, 70.0])
def test_a_throttle_that_opens_in_time_is_waited_for(
    wait: float,
) -> None:
    harness = DispatcherHarness(answers(throttled(wait)))
    assert harness.send_all(people(1)) == [INVITED]
    assert [moment for moment, _ in harness.calls] == [NOW, NOW + wait]
    assert harness.dispatcher.breaker.open_reason(NOW) is None


def test_a_throttle_that_stays_closed_puts_everybody_back_without_a_call() -> None:
    harness = DispatcherHarness(answers(throttled(70.5)))
    (outcome,) = harness.send_all(people(1))
    assert (outcome.verdict, outcome.code, outcome.next_try.retry_after) == (
        Verdict.RETRY,
        Code.THROTTLED,
        70.5,
    )
    later = harness.send_all(people(3, first=1))
    assert [(late.verdict, late.code, late.next_try.retry_after) for late in later] == [
        (Verdict.RETRY, Code.THROTTLED, 70.5)
    ] * 3
    assert (len(harness.calls), harness.clock.slept) == (1, [])


def test_people_put_back_come_one_by_one_at_the_rate_of_the_api() -> None:
    harness = DispatcherHarness(answers(throttled(100.0, limit=1)))
    harness.send_all(people(1))
    waits = [outcome.next_try.retry_after for outcome in harness.send_all(people(4, first=1))]
    assert waits == [100.0, 200.0, 300.0, 400.0]


def test_a_throttled_batch_goes_on_at_the_rate_of_the_api() -> None:
    harness = DispatcherHarness(answers(*[throttled(5.0, limit=60)] * 3))
    assert harness.send_all(people(10)) == [INVITED] * 10
    moments = [moment - NOW for moment, _ in harness.calls]
    assert moments[:10] == [0.0] * 10
    # Sixty in five seconds, as far as is known.
    assert moments[10:] == [pytest.approx(5 + n * 5 / 60, abs=1e-3) for n in range(3)]


def test_the_wait_doubles_with_each_refused_call() -> None:
    """An API that names too short a wait is not called at that pace."""
    harness = DispatcherHarness(answers(throttled(20.0), throttled(20.0)))
    assert harness.send_all(people(1)) == [INVITED]
    assert [moment - NOW for moment, _ in harness.calls] == [0.0, 20.0, 60.0]


def test_a_doubled_wait_that_does_not_fit_is_not_waited_for() -> None:
    harness = DispatcherHarness(lambda _: throttled(30.0))
    (outcome,) = harness.send_all(people(1))
    assert (outcome.code, outcome.next_try.retry_after) == (Code.THROTTLED, 30.0)
    assert [moment - NOW for moment, _ in harness.calls] == [0.0, 30.0]


def test_a_throttled_person_is_called_three_times_in_a_receive_at_most() -> None:
    harness = DispatcherHarness(lambda _: throttled(1.0))
    outcomes = harness.send_all(people(10))
    assert {(outcome.verdict, outcome.code) for outcome in outcomes} == {
        (Verdict.RETRY, Code.THROTTLED)
    }
    calls = Counter(email for _, email in harness.calls)
    assert max(calls.values()) == 3


def test_a_refused_call_without_a_wait_is_not_repeated_and_five_are_a_pause() -> None:
    harness = DispatcherHarness(lambda _: throttled(None))
    outcomes = harness.send_all(people(7))
    assert len(harness.calls) == 7
    assert {outcome.code for outcome in outcomes} == {Code.THROTTLED}
    assert harness.dispatcher.breaker.open_reason(NOW) is not None


class UnreachableQueue(MemoryPace):
    """A rate limiter whose queue cannot be reached."""

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Fail."""
        raise LedgerError(f"{count} {now} {per_minute}")


def test_without_the_queue_all_come_again_when_the_throttle_opens() -> None:
    harness = DispatcherHarness(
        answers(throttled(100.0, limit=60)), rate_limiter=UnreachableQueue(), limits=ONE_AT_A_TIME
    )
    assert [outcome.next_try.retry_after for outcome in harness.send_all(people(4))] == [100.0] * 4
    assert len(harness.calls) == 1


def test_a_repeated_call_takes_a_slot_of_the_rate_limit() -> None:
    harness = DispatcherHarness(answers(throttled(10.0)), rate_limiter=MemoryPace(6))
    assert harness.send_all(people(2)) == [INVITED] * 2
    assert [moment - NOW for moment, _ in harness.calls] == [0.0, 10.0, 20.0]


def test_no_slot_is_taken_for_a_moment_at_which_the_throttle_is_closed() -> None:
    limiter = MemoryPace(60)
    harness = DispatcherHarness(answers(throttled(10.0)), rate_limiter=limiter)
    assert harness.send_all(people(1)) == [INVITED]
    assert [moment - NOW for moment, _ in harness.calls] == [0.0, 10.0]
    assert limiter.state.next_slot == NOW + 11


def test_of_counts_side_by_side_the_lowest_holds() -> None:
    counts = [Outcome(Verdict.INVITED, reply=Reply(201, remaining=left)) for left in (9, 0, 5)]
    harness = DispatcherHarness(answers(*counts, *[DOWN] * 3))
    harness.send_all(people(3))
    assert harness.send_all(people(3, first=3)) == [DOWN, PAUSED, PAUSED]


def test_a_slot_that_comes_before_the_throttle_opens_becomes_a_place_in_the_queue() -> None:
    harness = DispatcherHarness(answers(throttled(100.0, limit=1)), limits=ONE_AT_A_TIME)
    waits = [outcome.next_try.retry_after or 0.0 for outcome in harness.send_all(people(4))]
    assert min(waits) == 100.0
    assert waits[3] >= 200.0
