"""invites.sending.circuit: how long a pause is, and what ends it."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.retry import backoff_delay
from invites.sending.circuit import INITIAL_PAUSE, MAX_ASKED_PAUSE, MAX_PAUSE, Circuit
from support.breaker_outcomes import DOWN, NOW


def asking(seconds: float | None) -> Outcome:
    """The API is down, and names a wait."""
    return Outcome(Verdict.PAUSE, Code.UNAVAILABLE, next_try=NextTry(seconds))


def ends(circuit: Circuit, moment: float) -> bool:
    """Whether the pause ends at just that moment."""
    return circuit.open_reason(moment - 0.1) is not None and circuit.open_reason(moment) is None


def test_a_circuit_is_closed_at_first() -> None:
    circuit = Circuit()
    assert circuit.open_reason(NOW) is None
    assert not circuit.is_half_open


def test_each_pause_is_twice_as_long_up_to_five_minutes() -> None:
    circuit, now, lengths = Circuit(), NOW, []
    for _ in range(8):
        circuit.open(DOWN, now)
        lengths.append(circuit.open_until - now)
        now = circuit.open_until
    assert lengths == [10, 20, 40, 80, 160, 300, 300, 300]
    assert (INITIAL_PAUSE, MAX_PAUSE) == (10, 300)


def test_an_outage_of_weeks_overflows_no_number() -> None:
    circuit = Circuit()
    for number in range(5000):
        circuit.open(DOWN, NOW + number * 1000)
    assert ends(circuit, NOW + 4_999_000 + MAX_PAUSE)


def test_the_first_pause_ends_before_its_first_message_comes_back() -> None:
    assert backoff_delay(1, 0.0) > INITIAL_PAUSE


@pytest.mark.parametrize(
    ("asked", "pause"), [(None, 10), (3.0, 10), (77.5, 77.5), (10.0**9, MAX_ASKED_PAUSE)]
)
def test_a_longer_wait_of_the_api_is_kept_for_three_hours_at_most(
    asked: float | None, pause: float
) -> None:
    circuit = Circuit()
    circuit.open(asking(asked), NOW)
    assert ends(circuit, NOW + pause)


@pytest.mark.parametrize("wishes", [(600.0, None), (None, 600.0), (600.0, 3.0, 20.0)])
def test_the_longest_wait_of_several_counts(wishes: tuple[float | None, ...]) -> None:
    circuit = Circuit()
    for wish in wishes:
        circuit.open(asking(wish), NOW)
    assert ends(circuit, NOW + 600)


def test_a_failure_within_a_pause_prolongs_it_and_doubles_nothing() -> None:
    circuit = Circuit()
    circuit.open(DOWN, NOW)
    circuit.open(DOWN, NOW + 4)
    assert ends(circuit, NOW + 4 + INITIAL_PAUSE)


def test_a_circuit_is_half_open_from_its_first_pause_until_it_is_closed() -> None:
    circuit = Circuit()
    circuit.open(DOWN, NOW)
    assert circuit.is_half_open
    assert circuit.open_reason(NOW + 10) is None
    assert circuit.is_half_open
    circuit.close()
    assert not circuit.is_half_open


def test_people_who_are_not_sent_get_the_cause_of_the_pause_without_its_status() -> None:
    circuit = Circuit()
    refused = Outcome(Verdict.PAUSE, Code.TOKEN_REFUSED, "no", reply=Reply(401))
    circuit.open(DOWN, NOW)
    circuit.open(refused, NOW)
    assert circuit.open_reason(NOW) == Outcome(Verdict.PAUSE, DOWN.code, DOWN.detail)
    circuit.open(refused, NOW + INITIAL_PAUSE)
    assert circuit.open_reason(NOW + INITIAL_PAUSE) == Outcome(
        Verdict.PAUSE, Code.TOKEN_REFUSED, "no"
    )
