"""invites.sending.dispatcher: the API's own throttle."""

from collections import Counter
from collections.abc import Sequence

import pytest

from invites.clock import BatchLimits
from invites.errors import Code, LedgerError
from invites.outcome import Outcome, Reply, Verdict
from support.build import NOW, MemoryPace
from support.fakes import INVITED
from unit.courier_tests import DOWN, PAUSED, Drive, answers, people, throttled


@pytest.mark.parametrize("wait", [1.0, 30.0, 70.0])
def test_a_wait_that_fits(wait: float) -> None:
    """It is waited out inside the receive, and the person called again."""
    drive = Drive(answers(throttled(wait)))
    assert drive.deliver(people(1)) == [INVITED]
    assert [moment for moment, _ in drive.calls] == [NOW, NOW + wait]
    assert drive.courier.breaker.open_reason(NOW) is None


def test_a_wait_that_does_not() -> None:
    """The person comes again when the API takes calls; nobody else is called in vain."""
    drive = Drive(answers(throttled(70.5)))
    (outcome,) = drive.deliver(people(1))
    assert (outcome.verdict, outcome.code, outcome.next_try.retry_after) == (
        Verdict.RETRY,
        Code.THROTTLED,
        70.5,
    )
    later = drive.deliver(people(3, first=1))
    assert [(one.verdict, one.code, one.next_try.retry_after) for one in later] == [
        (Verdict.RETRY, Code.THROTTLED, 70.5)
    ] * 3
    assert (len(drive.calls), drive.clock.slept) == (1, [])


def test_places_in_the_line() -> None:
    """If the API tells its limit, those who are given back come one after the other."""
    drive = Drive(answers(throttled(100.0, limit=1)))
    drive.deliver(people(1))
    waits = [one.next_try.retry_after for one in drive.deliver(people(4, first=1))]
    assert waits == [100.0, 200.0, 300.0, 400.0]


def test_a_whole_batch() -> None:
    """After a refusal the API's rate is kept to, and all are called within the receive."""
    drive = Drive(answers(*[throttled(5.0, limit=60)] * 3))
    assert drive.deliver(people(10)) == [INVITED] * 10
    moments = [moment - NOW for moment, _ in drive.calls]
    assert moments[:10] == [0.0] * 10
    # Sixty in five seconds, as far as is known.
    assert moments[10:] == [pytest.approx(5 + n * 5 / 60, abs=1e-3) for n in range(3)]


def test_the_wait_is_doubled_with_each_refusal() -> None:
    """An API that names too short a wait is not asked at its pace."""
    drive = Drive(answers(throttled(20.0), throttled(20.0)))
    assert drive.deliver(people(1)) == [INVITED]
    assert [moment - NOW for moment, _ in drive.calls] == [0.0, 20.0, 60.0]


def test_a_doubled_wait_that_does_not_fit_is_not_waited_for() -> None:
    """Waiting ends with the time that is left: then they come again."""
    drive = Drive(lambda _: throttled(30.0))
    (outcome,) = drive.deliver(people(1))
    assert (outcome.code, outcome.next_try.retry_after) == (Code.THROTTLED, 30.0)
    assert [moment - NOW for moment, _ in drive.calls] == [0.0, 30.0]


def test_a_person_is_called_three_times_in_a_receive_at_most() -> None:
    """Whatever short wait the API names: a batch of ten makes thirty calls at most."""
    drive = Drive(lambda _: throttled(1.0))
    outcomes = drive.deliver(people(10))
    assert {(one.verdict, one.code) for one in outcomes} == {(Verdict.RETRY, Code.THROTTLED)}
    calls = Counter(email for _, email in drive.calls)
    assert max(calls.values()) == 3


def test_a_refusal_that_names_no_wait() -> None:
    """It is not repeated here; five of them in a row are a pause."""
    drive = Drive(lambda _: throttled(None))
    outcomes = drive.deliver(people(7))
    assert len(drive.calls) == 7
    assert {one.code for one in outcomes} == {Code.THROTTLED}
    assert drive.courier.breaker.open_reason(NOW) is not None


class Slipping(MemoryPace):
    """A pace whose line cannot be reached."""

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Fail."""
        raise LedgerError(f"{count} {now} {per_minute}")


def test_a_line_that_cannot_be_reached() -> None:
    """Without places they all come when the API takes calls again."""
    bounds = BatchLimits(max_parallel=1, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0)
    drive = Drive(answers(throttled(100.0, limit=60)), pace=Slipping(), bounds=bounds)
    assert [one.next_try.retry_after for one in drive.deliver(people(4))] == [100.0] * 4
    assert len(drive.calls) == 1


def test_a_limit_of_ones_own() -> None:
    """It holds besides the API's: a call that is repeated has a slot of its own."""
    drive = Drive(answers(throttled(10.0)), pace=MemoryPace(6))
    assert drive.deliver(people(2)) == [INVITED] * 2
    assert [moment - NOW for moment, _ in drive.calls] == [0.0, 10.0, 20.0]


def test_slots_before_it_opens() -> None:
    """A slot that could not be used is not taken: others would only come the later for it."""
    pace = MemoryPace(60)
    drive = Drive(answers(throttled(10.0)), pace=pace)
    assert drive.deliver(people(1)) == [INVITED]
    assert [moment - NOW for moment, _ in drive.calls] == [0.0, 10.0]
    assert pace.state.next_slot == NOW + 11


def test_calls_side_by_side() -> None:
    """However the answers are ordered, no more calls follow than the lowest count allows."""
    counts = [Outcome(Verdict.INVITED, reply=Reply(201, remaining=left)) for left in (9, 0, 5)]
    drive = Drive(answers(*counts, *[DOWN] * 3))
    drive.deliver(people(3))
    assert drive.deliver(people(3, first=3)) == [DOWN, PAUSED, PAUSED]


def test_slots_that_it_closes_over() -> None:
    """Who held a slot that comes too early now gets a place in the line instead."""
    bounds = BatchLimits(max_parallel=1, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0)
    drive = Drive(answers(throttled(100.0, limit=1)), bounds=bounds)
    waits = [one.next_try.retry_after or 0.0 for one in drive.deliver(people(4))]
    assert min(waits) == 100.0
    assert waits[3] >= 200.0
