"""invites.sending.dispatcher: who is sent side by side, one at a time, or not at all."""

from collections.abc import Sequence
from dataclasses import replace

from invites.errors import Code, LedgerError
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.rate_limit import Slots
from support.breaker_outcomes import REFUSED
from support.build import BOUNDS, LATEST, NOW
from support.dispatcher_harness import (
    DOWN,
    ONE_AT_A_TIME,
    PAUSED,
    DispatcherHarness,
    answers,
    people,
)
from support.fakes import INVITED
from support.jobs import job_for

FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
KNOWN = Outcome(Verdict.ALREADY_INVITED)


def test_a_batch_without_people_calls_nobody() -> None:
    harness = DispatcherHarness()
    assert harness.send_all([]) == []
    assert (harness.calls, harness.clock.slept) == ([], [])


def test_each_job_gets_the_outcome_of_its_own_call() -> None:
    known = {0: INVITED, 1: REFUSED, 2: KNOWN, 3: FAILED}
    harness = DispatcherHarness(lambda invite: known[int(invite.email[6])])
    assert harness.send_all(people(4)) == list(known.values())
    assert len(harness.calls) == 4


def test_two_messages_for_one_person_are_sent_one_after_the_other() -> None:
    open_calls: list[str] = []
    jobs = [*people(2), *people(2), *people(1)]

    def answer(invite: Invite) -> Outcome:
        open_calls.append(invite.email)
        return INVITED if open_calls.count(invite.email) == 1 else KNOWN

    outcomes = DispatcherHarness(answer).send_all(jobs)
    assert outcomes == [INVITED, INVITED, KNOWN, KNOWN, KNOWN]
    assert open_calls[:2] == ["person0@example.test", "person1@example.test"]


def test_a_second_message_for_a_person_is_not_sent_if_the_first_opens_the_breaker() -> None:
    harness = DispatcherHarness(answers(DOWN))
    assert harness.send_all([*people(1), *people(1)]) == [DOWN, PAUSED]
    assert len(harness.calls) == 1


def test_no_more_calls_go_side_by_side_than_the_limit() -> None:
    limits = replace(BOUNDS, max_parallel=3)
    assert DispatcherHarness(limits=limits).send_all(people(10)) == [INVITED] * 10
    down = DispatcherHarness(lambda _: DOWN, limits=limits)
    assert down.send_all(people(10)) == [DOWN] * 3 + [PAUSED] * 7


def test_a_count_of_no_calls_left_slows_down_before_the_api_refuses_any() -> None:
    left = Outcome(Verdict.INVITED, reply=Reply(201, remaining=0))
    harness = DispatcherHarness(answers(left, *[DOWN] * 5))
    harness.send_all(people(1))
    outcomes = harness.send_all(people(10, first=1))
    assert outcomes == [DOWN, *[PAUSED] * 9]
    assert len(harness.calls) == 2


def test_an_open_breaker_calls_nobody_and_takes_no_time() -> None:
    harness = DispatcherHarness(answers(DOWN))
    assert harness.send_all(people(1)) == [DOWN]
    assert harness.send_all(people(5, first=1)) == [PAUSED] * 5
    assert len(harness.calls) == 1
    assert harness.clock.slept == []


def test_a_probe_that_succeeds_lets_the_others_follow() -> None:
    harness = DispatcherHarness(answers(DOWN))
    harness.send_all(people(1))
    harness.clock.time += 10
    assert harness.send_all(people(5, first=1)) == [INVITED] * 5


def test_a_probe_that_fails_is_the_only_call() -> None:
    harness = DispatcherHarness(answers(DOWN, DOWN))
    harness.send_all(people(1))
    harness.clock.time += 10
    assert harness.send_all(people(5, first=1)) == [DOWN, *[PAUSED] * 4]
    assert len(harness.calls) == 2


def test_a_person_known_to_the_ledger_is_no_probe() -> None:
    """Such an outcome says nothing of the API: the next person is the probe."""
    harness = DispatcherHarness(answers(DOWN, KNOWN, DOWN))
    harness.send_all(people(1))
    harness.clock.time += 10
    assert harness.send_all(people(4, first=1)) == [KNOWN, DOWN, PAUSED, PAUSED]


def test_five_failures_in_a_row_stop_the_rest_of_a_batch() -> None:
    harness = DispatcherHarness(
        lambda _: FAILED,
        limits=ONE_AT_A_TIME,
    )
    outcomes = harness.send_all(people(8))
    assert outcomes[:5] == [FAILED] * 5
    assert [outcome.verdict for outcome in outcomes[5:]] == [Verdict.PAUSE] * 3
    assert len(harness.calls) == 5


class BrokenRateLimiter:
    """A rate limiter whose ledger is down."""

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Fail."""
        assert per_minute == 0
        raise LedgerError(f"{count} {latest - now}")

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Fail."""
        raise LedgerError(f"{count} {now} {per_minute}")


def test_without_slots_nobody_is_called() -> None:
    """A ledger that is down does not lift the rate limit."""
    harness = DispatcherHarness(rate_limiter=BrokenRateLimiter())
    expected = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, "3 70.0")
    assert harness.send_all(people(3)) == [expected] * 3
    assert harness.calls == []


HOLD = NOW + 30.0


def test_a_pause_that_ends_in_time_is_waited_for() -> None:
    harness = DispatcherHarness(answers(DOWN))
    harness.send_all(people(1))
    assert harness.send_all(people(3, first=1), hold_until=HOLD) == [INVITED] * 3
    assert harness.clock.slept == [10.0]


def test_a_batch_is_held_for_thirty_seconds_at_most() -> None:
    """Two probes fail, then the others are put back."""
    harness = DispatcherHarness(lambda _: DOWN)
    harness.send_all(people(1))
    outcomes = harness.send_all(people(4, first=1), hold_until=HOLD)
    assert outcomes == [DOWN, DOWN, PAUSED, PAUSED]
    assert harness.clock.slept == [10.0, 20.0]


def test_a_batch_that_may_not_be_held_is_put_back_at_once() -> None:
    harness = DispatcherHarness(answers(DOWN))
    harness.send_all(people(1))
    assert harness.send_all(people(2, first=1), hold_until=0.0) == [PAUSED] * 2
    assert harness.clock.slept == []


def test_a_batch_is_held_no_longer_than_a_call_still_fits() -> None:
    harness = DispatcherHarness(answers(DOWN))
    harness.send_all(people(1))
    late = harness.send_all(people(1, first=1), deadline=NOW + 85.0, hold_until=HOLD)
    assert late == [PAUSED]
    assert harness.clock.slept == [5.0]
    assert LATEST > HOLD


def test_a_batch_without_people_is_not_held() -> None:
    harness = DispatcherHarness(answers(DOWN))
    harness.send_all(people(1))
    harness.send_all([], hold_until=HOLD)
    assert harness.clock.slept == []


def test_people_of_a_paused_source_are_put_back_at_once_and_others_are_sent() -> None:
    def answer(invite: Invite) -> Outcome:
        return REFUSED if invite.email.startswith("bad") else INVITED

    harness = DispatcherHarness(answer)
    bad = [job_for(f"bad{number}", "/broken") for number in range(12)]
    outcomes = harness.send_all([*bad[:6], job_for("ada", "/hr"), *bad[6:]], hold_until=HOLD)
    refused = [outcome for outcome in outcomes if outcome.code is Code.MASS_STOP]
    assert {outcome.verdict for outcome in refused} == {Verdict.PAUSE}
    assert (len(refused), outcomes[6]) == (12, INVITED)
    later = harness.send_all([job_for("bad99", "/broken"), job_for("eve", "/hr")], hold_until=HOLD)
    assert [outcome.verdict for outcome in later] == [Verdict.PAUSE, Verdict.INVITED]
    assert len(harness.calls) == 14
    assert harness.clock.slept == []
