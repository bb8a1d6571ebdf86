"""The short form of `make prove`: some histories, and those that found something once."""

import pytest

from invites.retry import MAX_BAD_REQUESTS
from simulation.history import run
from simulation.mutants.mutant import Mutant
from simulation.mutants.table import MUTANTS
from simulation.plan import Plan
from simulation.prove.mutants import is_noise, try_mutant

# Mistakes that histories have found, since mended. As mutants they are brought back.
FOUND = [mutant for mutant in MUTANTS if mutant.found_by is not None]


@pytest.mark.parametrize("seed", range(24))
def test_history_breaks_no_invariant(seed: int) -> None:
    """Whatever fails, nobody is lost, and nobody is invited twice who need not be."""
    history = run(Plan(seed))
    assert not history.violations, f"replay it: make prove REPLAY={seed}"
    assert history.figures["messages"] >= 50


@pytest.mark.parametrize("mistake", FOUND, ids=lambda mutant: mutant.name)
def test_mistake_that_was_found_once_would_be_found_again(mistake: Mutant) -> None:
    """By the seed that has found it; without the mistake that seed breaks no invariant."""
    found = try_mutant(MUTANTS.index(mistake), first=0, seeds=0)
    assert found.by
    assert not is_noise(found)


def test_one_seed_is_one_history() -> None:
    """Its figures, faults and crash points are the same each time."""
    first, second = run(Plan(5)), run(Plan(5))
    assert first == second
    assert first != run(Plan(7))


def test_without_faults_nobody_is_invited_twice_or_called_again() -> None:
    """Histories in which nothing goes wrong: nobody is invited twice, whatever the API's rule."""
    plans = [plan for plan in map(Plan, range(60)) if not plan.kinds]
    histories = [run(plan) for plan in plans]
    assert len(histories) > 1
    for history in histories:
        assert not history.faults
        assert not history.figures["invited twice, ambiguous"]
        # Whoever is refused is asked again, for a 400 up to twelve times, and after the redrive.
        again = history.figures["moved"] + MAX_BAD_REQUESTS * history.figures["refused"]
        assert history.figures["calls"] <= history.figures["people"] + again
