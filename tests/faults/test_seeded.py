"""The short form of `make prove`: some histories, and those that found something once."""

import pytest

from faults.seeded.history import run
from faults.seeded.plan import Plan

# What a history has found, and what was mended for it.
FOUND = {
    97: "who waited for a claim came again many times within its last second",
    77: "a throttle that asked for minutes, for hours, used up all receives",
    75: "a refused token was tried again though it was still the same, beyond the pace",
}


@pytest.mark.parametrize("seed", range(24))
def test_a_history(seed: int) -> None:
    """Whatever fails, nobody is lost, and nobody is invited twice who need not be."""
    history = run(Plan(seed))
    assert not history.violations, f"replay it: make prove REPLAY={seed}"
    assert history.figures["messages"] >= 50


@pytest.mark.parametrize("seed", FOUND.keys(), ids=FOUND.values())
def test_what_was_found_once(seed: int) -> None:
    """It stays mended."""
    assert not run(Plan(seed)).violations


def test_one_seed_is_one_history() -> None:
    """Also its faults and cuts are the same each time."""
    first, second = run(Plan(5)), run(Plan(5))
    assert first == second
    assert first != run(Plan(7))


def test_without_faults_there_is_nothing_to_explain() -> None:
    """Histories in which nothing goes wrong: nobody is invited twice, whatever the API's rule."""
    plans = [plan for plan in map(Plan, range(60)) if not plan.kinds]
    histories = [run(plan) for plan in plans]
    assert len(histories) > 1
    for history in histories:
        assert not history.faults
        assert not history.figures["invited twice, ambiguous"]
        # Whoever was refused is called for once more, after the redrive.
        assert history.figures["calls"] <= history.figures["people"] + history.figures["moved"]
