"""Many histories, side by side, and what they come to."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context

from simulation.fault_kinds import KINDS
from simulation.history import History, run
from simulation.plan import Plan
from simulation.world.lambda_service.call_sites import EDGES, call_sites

# Histories of one task of a process: short enough for a steady progress.
CHUNK = 10
CHUNKS = 12
# Of a thousand histories, each kind of fault happens in so many at least.
MIN_IN_THOUSAND = 50
MIN_MESSAGES = 50
SIDES = ("before", "after")


@dataclass
class Tally:
    """What some histories come to.

    Attributes:
        violations: By seed, what was that may not be.
        kinds: In how many histories a kind of fault happened.
        faults: How often it did.
        unambiguous: Histories without anything that could keep an answer from the ledger.
    """

    histories: int = 0
    violations: dict[int, str] = field(default_factory=dict)
    figures: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    crash_points: Counter[tuple[str, str]] = field(default_factory=Counter)
    fewest_messages: int = 10**9
    unique_off: int = 0

    def add(self, history: History) -> None:
        """One more."""
        self.histories += 1
        if history.violations:
            self.violations[history.seed] = history.violations[0]
        self.figures += history.figures
        self.kinds.update(history.faults.keys())
        self.faults += history.faults
        self.crash_points.update(history.crash_points)
        self.fewest_messages = min(self.fewest_messages, history.figures["messages"])
        self.unique_off += not history.is_unique

    def missing_crash_points(self) -> list[tuple[str, str]]:
        """Call sites, and their sides, at which the function never crashed."""
        places = [(site, side) for site in _sites() for side in SIDES]
        return [place for place in places if place not in self.crash_points]

    def rare_kinds(self) -> list[str]:
        """Kinds of faults that happened in too few histories to prove anything."""
        minimum = MIN_IN_THOUSAND * self.histories / 1000
        return [kind for kind in KINDS if self.kinds[kind] < minimum]

    def lost(self) -> list[int]:
        """The seeds of histories in which somebody was lost."""
        return self._of("lost")

    def twice(self) -> list[int]:
        """The seeds of those in which somebody was invited twice, and need not have been."""
        return self._of("invited twice")

    def without_cause(self) -> list[int]:
        """The seeds of those in which a message was given up that need not have been."""
        return [seed for seed, what in self.violations.items() if "dead-lettered" in what]

    def _of(self, words: str) -> list[int]:
        return [seed for seed, what in self.violations.items() if what.startswith(words)]


def run_histories(first: int, count: int, note: Callable[[int], None]) -> Tally:
    """Let so many histories happen, on all processors; `note` hears how many more are done."""
    tally = Tally()
    chunks = [
        range(at, min(at + CHUNK, first + count)) for at in range(first, first + count, CHUNK)
    ]
    # Suspended tasks outlive their history, so each process serves only so many.
    with get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=CHUNKS) as pool:
        for histories in pool.imap_unordered(_run_all, chunks):
            for history in histories:
                tally.add(history)
            note(len(histories))
    return tally


def _sites() -> list[str]:
    return [site for function in EDGES for site in call_sites(function)]


def _run_all(seeds: range) -> list[History]:
    return [run(Plan(seed)) for seed in seeds]
