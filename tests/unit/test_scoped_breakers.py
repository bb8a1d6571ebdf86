"""invites.sending.scoped_breakers: a refusal pauses its source or its roles, and nobody else."""

from dataclasses import replace

import pytest

from invites.errors import Code
from invites.outcome import Outcome, Verdict
from invites.sending.circuit import INITIAL_PAUSE, MAX_PAUSE
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.scoped_breakers import MAX_DENIED_PEOPLE, MAX_REFUSED_PEOPLE, MAX_SCOPES
from unit.breaker_tests import (
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


def test_four_people_refused_are_their_own_fault_and_a_fifth_is_the_source_s() -> None:
    """The fifth is the cause of the pause, and no stop."""
    breaker = CircuitBreaker()
    outcomes = fail(breaker, *[REFUSED] * 5, producer="/hr")
    assert MAX_REFUSED_PEOPLE == 5
    assert outcomes[:4] == [REFUSED] * 4
    assert outcomes[4] == replace(REFUSED, verdict=Verdict.PAUSE, code=Code.MASS_STOP)
    found = breaker.open_reason_for(HR, NOW)
    assert found is not None
    assert (found.verdict, found.code) == (Verdict.PAUSE, Code.MASS_STOP)
    assert found.detail == "5 people of this source were refused with no success between them"


def test_a_refusal_pauses_its_source_alone() -> None:
    """Other sources are sent as if nothing had happened."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 50, producer="/hr")
    assert breaker.open_reason_for(HR, NOW)
    assert breaker.open_reason_for(IDENTITY, NOW) is None
    assert breaker.open_reason(NOW) is None


def test_refused_roles_pause_these_roles_of_every_source_and_no_others() -> None:
    """A role that was renamed is refused whoever asks for it."""
    breaker = CircuitBreaker()
    for number in range(5):
        breaker.record([person(number)], [ROLES_REFUSED], NOW)
    assert breaker.open_reason_for(HR, NOW)
    assert breaker.open_reason_for(IDENTITY, NOW)
    assert breaker.open_reason_for(EDITOR, NOW) is None


def test_all_refusals_of_the_wave_that_begins_a_pause_are_its_cause() -> None:
    """A batch of a hundred that is refused as a whole costs no dead letter."""
    outcomes = fail_together(CircuitBreaker(), *[REFUSED] * 100, producer="/hr")
    assert {one.code for one in outcomes} == {Code.MASS_STOP}


def test_a_wave_with_a_success_begins_no_pause() -> None:
    """Whatever the order: the calls went side by side."""
    for wave in ([*[REFUSED] * 9, INVITED], [INVITED, *[REFUSED] * 9]):
        breaker = CircuitBreaker()
        assert fail_together(breaker, *wave, producer="/hr") == wave
        assert breaker.open_reason_for(HR, NOW) is None


def test_the_same_person_refused_many_times_begins_no_pause() -> None:
    """The fault is with that person."""
    breaker = CircuitBreaker()
    for _ in range(100):
        breaker.record([HR], [REFUSED], NOW)
    assert breaker.open_reason_for(HR, NOW) is None


def test_a_success_of_the_same_source_starts_the_count_again() -> None:
    """That of another source says nothing of it; nor does the ledger's knowledge."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 4, INVITED, *[REFUSED] * 4, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) is None
    fail(breaker, INVITED, KNOWN, producer="/identity")
    fail(breaker, KNOWN, *[REFUSED] * 5, producer="/hr")
    assert breaker.open_reason_for(HR, NOW)


def test_after_a_pause_one_person_of_the_source_is_the_probe() -> None:
    """Others go beside it; and a success of the source ends the probing."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    people = [person(1, "/hr"), person(2, "/identity"), person(3, "/hr"), person(4, "/identity")]
    assert [one.invite.email[6] for one in breaker.limit_to_probes(people)] == ["1", "2", "4"]
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
    """A policy can look at both; a quota is the organisation's."""
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
    """What that source sends may be what the server cannot take."""
    breaker = CircuitBreaker()
    fail(breaker, *[FAILED] * 4, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) is None
    fail(breaker, *[FAILED] * 5, producer="/hr")
    assert breaker.open_reason_for(HR, NOW) == Outcome(Verdict.PAUSE, FAILED.code, FAILED.detail)
    assert breaker.open_reason_for(IDENTITY, NOW) is None


def test_a_mass_stop_is_told_when_it_begins() -> None:
    """A pause for another cause is none."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 4, *[FAILED] * 5, *[DENIED] * 3, producer="/hr")
    assert not breaker.take_mass_stop()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    assert breaker.take_mass_stop()
    assert not breaker.take_mass_stop()


def test_as_many_sources_as_anybody_may_name_are_bounded() -> None:
    """The one that was refused the longest ago is forgotten; a pause is kept as long as it can."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    for number in range(3 * MAX_SCOPES):
        breaker.record([person(number, f"/source{number}")], [REFUSED], NOW)
    assert len(breaker._scopes._bulkheads) == MAX_SCOPES  # noqa: SLF001 - what nobody else can see
    assert breaker.open_reason_for(HR, NOW)


def test_even_pauses_are_bounded() -> None:
    """With nothing but pauses the oldest is forgotten: its source would be paused again."""
    breaker = CircuitBreaker()
    for number in range(MAX_SCOPES + 1):
        fail(breaker, *[REFUSED] * 5, producer=f"/source{number}")
    assert breaker.open_reason_for(person(0, "/source0"), NOW) is None
    assert breaker.open_reason_for(person(0, "/source1"), NOW)


@pytest.mark.parametrize("number", [1, 5, 5000])
def test_a_source_that_is_refused_for_weeks_is_asked_every_five_minutes(number: int) -> None:
    """The pause of a source is bounded as that of everybody is."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5, producer="/hr")
    for attempt in range(number):
        breaker.record([HR], [REFUSED], NOW + attempt * 1000)
    assert breaker.open_reason_for(HR, NOW + (number - 1) * 1000 + MAX_PAUSE) is None


def test_who_was_refused_is_not_remembered_beyond_the_pause_that_it_began() -> None:
    """A source that is refused for weeks fills no memory."""
    breaker = CircuitBreaker()
    fail(breaker, *[REFUSED] * 5000, producer="/hr")
    (scope,) = breaker._scopes._bulkheads.values()  # noqa: SLF001 - what nobody else can see
    assert scope.people == set()
