"""invites.sending.circuit_breaker: what pauses everybody, and what does not."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.sending.circuit import INITIAL_PAUSE
from invites.sending.circuit_breaker import (
    MAX_FAILURES_IN_A_ROW,
    MAX_REJECTED_MESSAGES,
    CircuitBreaker,
)
from invites.sending.scoped_breakers import MAX_DENIED_PEOPLE
from support.breaker_outcomes import (
    BAD,
    BLOCKED,
    BROKEN,
    DENIED,
    DOWN,
    FAILED,
    INVITED,
    KNOWN,
    NOW,
    REFUSED,
    TAKEN,
    THROTTLED,
    fail,
    fail_together,
    person,
)


def after(*outcomes: Outcome, producer: str | None = None) -> Outcome | None:
    """Everybody's outcome after these calls; None without a pause."""
    breaker = CircuitBreaker()
    fail(breaker, *outcomes, producer=producer)
    return breaker.open_reason(NOW)


def paused(cause: Outcome) -> Outcome:
    """The outcome of people who are not sent for this cause."""
    return Outcome(Verdict.PAUSE, cause.code, cause.detail)


@pytest.mark.parametrize("failure", [FAILED, BROKEN, THROTTLED])
def test_five_failures_in_a_row_pause_everybody(failure: Outcome) -> None:
    """The last of them is the cause."""
    assert MAX_FAILURES_IN_A_ROW == 5
    assert after(*[failure] * 4) is None
    assert after(*[failure] * 5) == paused(failure)


def test_failures_of_different_kinds_are_one_row() -> None:
    assert after(FAILED, BROKEN, THROTTLED, FAILED, BROKEN) == paused(BROKEN)


@pytest.mark.parametrize("between", [INVITED, TAKEN, BLOCKED, DENIED, REFUSED])
def test_a_success_or_a_refusal_begins_the_row_again(between: Outcome) -> None:
    assert after(*[FAILED] * 4, between, *[FAILED] * 4) is None


def test_server_errors_for_one_source_pause_nobody_else() -> None:
    """They can be about what that source sends; one failure for another source shows otherwise."""
    assert after(*[FAILED] * 50, producer="/hr") is None
    breaker = CircuitBreaker()
    fail(breaker, *[FAILED] * 7, producer="/hr")
    fail(breaker, FAILED, producer="/identity")
    assert breaker.open_reason(NOW) == paused(FAILED)


@pytest.mark.parametrize("failure", [BROKEN, THROTTLED])
def test_five_calls_without_an_answer_pause_everybody_even_for_one_source(failure: Outcome) -> None:
    assert after(*[failure] * 5, producer="/hr") == paused(failure)


def test_a_throttle_that_names_a_wait_pauses_nobody() -> None:
    asked = Outcome(Verdict.RETRY, Code.THROTTLED, "", reply=Reply(429), next_try=NextTry(30.0))
    assert after(*[asked] * 100) is None


def test_bad_requests_neither_pause_nor_break_a_row() -> None:
    assert after(*[BAD] * 100) is None
    assert after(FAILED, BAD, FAILED, BAD, FAILED, FAILED, FAILED) is not None


@pytest.mark.parametrize(
    "code",
    [
        Code.UNREACHABLE,
        Code.UNAVAILABLE,
        Code.WRONG_ENDPOINT,
        Code.TOKEN_REFUSED,
        Code.TOKEN_UNUSABLE,
    ],
)
def test_one_pause_outcome_pauses_everybody(code: Code) -> None:
    """Their outcome has its code and detail, and no status."""
    cause = Outcome(Verdict.PAUSE, code, "because", reply=Reply(503), next_try=NextTry(7.0))
    assert after(cause) == paused(cause)


def test_a_second_person_whom_a_quota_blocks_pauses_everybody() -> None:
    """The same person again does not."""
    assert MAX_DENIED_PEOPLE == 2
    assert after(BLOCKED) is None
    breaker = CircuitBreaker()
    for _ in range(10):
        breaker.record([person()], [BLOCKED], NOW)
    assert breaker.open_reason(NOW) is None
    assert after(BLOCKED, BLOCKED) == paused(BLOCKED)
    assert after(BLOCKED, INVITED, BLOCKED) is None


@pytest.mark.parametrize("refusal", [REFUSED, DENIED])
def test_any_number_of_refusals_of_one_source_pauses_nobody_else(refusal: Outcome) -> None:
    assert after(*[refusal] * 50, producer="/hr") is None


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE),
        Outcome(Verdict.RETRY, Code.TOKEN_UNAVAILABLE),
        Outcome(Verdict.RETRY, Code.IN_PROGRESS),
        Outcome(Verdict.RETRY, Code.INTERNAL_ERROR),
        KNOWN,
    ],
)
def test_an_outcome_without_the_api_changes_nothing(outcome: Outcome) -> None:
    """It neither opens the breaker, nor breaks a row, nor ends a pause."""
    assert after(*[outcome] * 20) is None
    assert after(*[FAILED] * 4, *[outcome] * 3, FAILED) is not None
    breaker = CircuitBreaker()
    fail(breaker, DOWN)
    fail(breaker, outcome, now=NOW + INITIAL_PAUSE)
    assert breaker.is_half_open


@pytest.mark.parametrize("failure", [DOWN, FAILED, BROKEN, THROTTLED])
def test_a_whole_batch_that_fails_begins_one_pause(failure: Outcome) -> None:
    """The next failure begins the second pause, twice as long."""
    breaker = CircuitBreaker()
    fail_together(breaker, *[failure] * 100)
    assert breaker.open_until == NOW + INITIAL_PAUSE
    fail(breaker, failure, now=NOW + INITIAL_PAUSE)
    assert breaker.open_until == NOW + 3 * INITIAL_PAUSE


@pytest.mark.parametrize("failure", [FAILED, BROKEN, THROTTLED])
def test_a_probe_that_fails_doubles_the_pause(failure: Outcome) -> None:
    breaker = CircuitBreaker()
    fail(breaker, DOWN)
    fail(breaker, failure, now=NOW + 11)
    assert breaker.open_reason(NOW + 11) == paused(failure)
    assert breaker.open_until == NOW + 11 + 2 * INITIAL_PAUSE


@pytest.mark.parametrize("refusal", [DENIED, REFUSED, BAD])
def test_a_probe_that_is_refused_neither_prolongs_nor_ends_a_pause(refusal: Outcome) -> None:
    """The API works, so the next person may be sent; but only a success ends the probing."""
    breaker = CircuitBreaker()
    fail(breaker, DOWN)
    fail(breaker, *[refusal] * 20, now=NOW + 11, producer="/hr")
    assert breaker.open_reason(NOW + 11) is None
    assert breaker.is_half_open


def test_half_open_one_person_is_sent_at_a_time_until_a_success() -> None:
    breaker, people = CircuitBreaker(), [person(0), person(1)]
    assert breaker.limit_to_probes(people) == people
    fail(breaker, DOWN)
    assert breaker.limit_to_probes(people) == people[:1]
    fail(breaker, INVITED)
    assert breaker.limit_to_probes(people) == people


def test_a_success_forgets_failures_blocked_people_and_pauses() -> None:
    breaker = CircuitBreaker()
    fail(breaker, BLOCKED, *[FAILED] * 4, DOWN)
    fail(breaker, INVITED, now=NOW + 20)
    fail(breaker, BLOCKED, *[FAILED] * 4, now=NOW + 21)
    assert breaker.open_reason(NOW + 21) is None
    fail(breaker, FAILED, now=NOW + 22)
    assert breaker.open_until == NOW + 22 + INITIAL_PAUSE


def test_ten_messages_stopped_without_a_call_raise_the_alarm_once_and_pause_nobody() -> None:
    breaker = CircuitBreaker()
    for number in range(MAX_REJECTED_MESSAGES - 1):
        breaker.record_rejected(f"message-{number}")
    assert not breaker.take_mass_stop()
    breaker.record_rejected("one more")
    assert breaker.take_mass_stop()
    assert not breaker.take_mass_stop()
    assert breaker.open_reason(NOW) is None
    fail(breaker, INVITED)
    breaker.record_rejected("after a success")
    assert not breaker.take_mass_stop()
