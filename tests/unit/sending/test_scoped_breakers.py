"""invites.sending.scoped_breakers: a refusal pauses its source or its roles, and nobody else."""

from dataclasses import replace

import pytest

from invites.errors import Code
from invites.outcome import Outcome, Verdict
from invites.sending.circuit import INITIAL_PAUSE, MAX_PAUSE
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.scoped_breakers import MAX_DENIED_PEOPLE, MAX_REFUSED_PEOPLE, MAX_SCOPES
from support.breaker_outcomes import (
    BLOCKED,
    DENIED,
    FAILED,
    INVITED,
    KNOWN,
    NOW,
    REFUSED,
    ROLES_REFUSED,
    fail,
    fail_together,
    person,
)

HR, IDENTITY = person(99, "/hr"), person(99, "/identity")
EDITOR = person(99, "/hr", ("Editor",))


def test_the_fifth_refused_person_of_a_source_is_a_pause_and_no_stop() -> None:
    breaker = CircuitBreaker()
    outcomes = fail(breaker, *[REFUSED] * 5, producer="/hr")
    assert MAX_REFUSED_PEOPLE == 5
    assert outcomes[:4] == [REFUSED] * 4
    assert outcomes[4] == replace(REFUSED, verdict=Verdict.PAUSE, code=Code.MASS_STOP)
    found = breaker.open_reason_for(HR, NOW)
    assert found is not None
    assert (found.verdict, found.code) == (Verdict.PAUSE, Code.MASS_STOP)
    assert found.detail == "5 people of this source were refused with no success between them"


def test_a_pause_of_one_source_leaves_the_others() -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 50, producer="/hr")
    assert breaker.open_reason_for(HR, NOW)
    assert breaker.open_reason_for(IDENTITY, NOW) is None
    assert breaker.open_reason(NOW) is None


def test_refused_roles_pause_these_roles_of_every_source_and_no_others() -> None:
    breaker = CircuitBreaker()
    for number in range(5):
        breaker.record([person(number)], [ROLES_REFUSED], NOW)
    assert breaker.open_reason_for(HR, NOW)
    assert breaker.open_reason_for(IDENTITY, NOW)
    assert breaker.open_reason_for(EDITOR, NOW) is None


def test_a_whole_wave_of_refusals_costs_no_dead_letter() -> None:
    outcomes = fail_together(CircuitBreaker(), *[REFUSED] * 100, producer="/hr")
    assert {outcome.code for outcome in outcomes} == {Code.MASS_STOP}


def test_a_wave_with_a_success_begins_no_pause() -> None:
    for wave in ([*[REFUSED] * 9, INVITED], [INVITED, *[REFUSED] * 9]):
        breaker = CircuitBreaker()
        assert fail_together(breaker, *wave, producer="/hr") == wave
        assert breaker.open_reason_for(HR, NOW) is None


def test_the_same_person_refused_many_times_begins_no_pause() -> None:
    breaker = CircuitBreaker()
    for _ in range(100):
        breaker.record([HR], [REFUSED], NOW)
    assert breaker.open_reason_for(HR, NOW) is None


def test_a_success_of_the_same_source_starts_the_count_again() -> None:
    """A success of another source does not, nor does a person known to the ledger."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 4, INVITED, *[REFUSED] * 4, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) is None
    fail(breaker, INVITED, KNOWN, producer="/identity")
    fail(breaker, KNOWN, *[REFUSED] * 5, producer="/hr")
    assert breaker.open_reason_for(HR, NOW)


def test_after_a_pause_one_person_of_the_source_is_the_probe() -> None:
    """Other sources are sent beside it, and a success of the source ends the probing."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    people = [person(1, "/hr"), person(2, "/identity"), person(3, "/hr"), person(4, "/identity")]
    assert [job.invite.email[6] for job in breaker.limit_to_probes(people)] == ["1", "2", "4"]
    fail(breaker, INVITED, producer="/hr", now=NOW + 11)
    assert breaker.limit_to_probes(people) == people


def test_a_probe_that_is_refused_prolongs_its_source_s_pause_and_is_no_stop() -> None:
    """It stays in the queue until the cause of the pause is gone."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    (outcome,) = breaker.record([HR], [REFUSED], NOW + INITIAL_PAUSE)
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.MASS_STOP)
    assert breaker.open_reason_for(HR, NOW + 3 * INITIAL_PAUSE - 0.1)
    assert breaker.open_reason_for(HR, NOW + 3 * INITIAL_PAUSE) is None
    assert breaker.open_reason(NOW + INITIAL_PAUSE) is None


def test_a_second_person_whom_a_policy_denies_pauses_the_source_with_these_roles() -> None:
    """A quota is the organisation's: it pauses no source."""
    assert MAX_DENIED_PEOPLE == 2
    breaker = CircuitBreaker()
    assert fail(breaker, DENIED, DENIED, producer="/hr") == [DENIED, DENIED]
    assert breaker.open_reason_for(HR, NOW) == Outcome(Verdict.PAUSE, DENIED.code, DENIED.detail)
    assert breaker.open_reason_for(EDITOR, NOW) is None
    assert breaker.open_reason_for(IDENTITY, NOW) is None
    breaker = CircuitBreaker()
    fail(breaker, BLOCKED, BLOCKED, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) is None


def test_server_errors_for_five_people_of_one_source_pause_it() -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[FAILED] * 4, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) is None
    fail(breaker, *[FAILED] * 5, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) == Outcome(Verdict.PAUSE, FAILED.code, FAILED.detail)
    assert breaker.open_reason_for(IDENTITY, NOW) is None


def test_a_mass_stop_is_reported_once_and_only_for_refusals() -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 4, *[FAILED] * 5, *[DENIED] * 3, producer="/hr")
    assert not breaker.take_mass_stop()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    assert breaker.take_mass_stop()
    assert not breaker.take_mass_stop()


def test_the_sources_kept_are_bounded_and_those_without_a_pause_go_first() -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    for number in range(3 * MAX_SCOPES):
        breaker.record([person(number, f"/source{number}")], [REFUSED], NOW)
    assert len(breaker._scopes._bulkheads) == MAX_SCOPES  # noqa: SLF001 - what nobody else can see
    assert breaker.open_reason_for(HR, NOW)


def test_with_nothing_but_pauses_the_oldest_is_forgotten() -> None:
    breaker = CircuitBreaker()
    for number in range(MAX_SCOPES + 1):
        fail(breaker, *[REFUSED] * 5, producer=f"/source{number}")
    assert breaker.open_reason_for(person(0, "/source0"), NOW) is None
    assert breaker.open_reason_for(person(0, "/source1"), NOW)


@pytest.mark.parametrize("number", [1, 5, 5000])
def test_a_source_that_is_refused_for_weeks_is_probed_every_five_minutes(number: int) -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    for attempt in range(number):
        breaker.record([HR], [REFUSED], NOW + attempt * 1000)
    assert breaker.open_reason_for(HR, NOW + (number - 1) * 1000 + MAX_PAUSE) is None


def test_a_source_that_is_refused_for_weeks_fills_no_memory() -> None:
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5000, producer="/hr")
    (bulkhead,) = breaker._scopes._bulkheads.values()  # noqa: SLF001 - what nobody else can see
    assert bulkhead.people == set()
