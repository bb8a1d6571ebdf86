"""The mutants fit the code, and some of them are noticed; `make prove` tries all."""

import pytest

from simulation.mutants.mutant import ROOT, Mutant, StaleMutantError
from simulation.mutants.table import MUTANTS
from simulation.prove.mutants import is_noise, try_mutant

SOME = ("a 303 is counted as a success", "a success is not written to the ledger")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_fits_the_code(mutant: Mutant) -> None:
    """What it replaces is there, and what it makes of it is a program."""
    path = ROOT / mutant.path
    compile(mutant.apply(path.read_text(encoding="utf-8")), mutant.path, "exec")


def test_stale_mutant_is_an_error() -> None:
    """Else it would count as a mistake that no invariant notices."""
    with pytest.raises(StaleMutantError):
        Mutant("none", MUTANTS[0].path, "not in the file", "").apply("a = 1")


@pytest.mark.parametrize("name", SOME)
def test_mutant_is_noticed(name: str) -> None:
    """By a history that finds nothing without it."""
    number = next(n for n, mutant in enumerate(MUTANTS) if mutant.name == name)
    found = try_mutant(number, first=0, seeds=5)
    assert found.by
    assert not is_noise(found)
