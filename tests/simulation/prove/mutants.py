"""All mutants, each in a process of its own, against some histories."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from simulation.history import run
from simulation.mutants.mutant import Mutant
from simulation.mutants.table import MUTANTS
from simulation.plan import Plan

# Most are noticed by the first; what so many do not notice, more would not either.
SEEDS = 40
# A process that waits uses no CPU time. However busy the machine is, forty histories take less.
MAX_SECONDS = 1200


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a mutant: by what it was noticed; empty if it was not."""

    mutant: Mutant
    by: str
    seed: int = 0


def hunt(first: int, note: Callable[[], None], seeds: int = SEEDS) -> list[Found]:
    """Let each mutant live through histories until one notices it.

    Raises:
        RuntimeError: A mutant does not fit the code any more.
    """

    def try_and_note(number: int) -> Found:
        found = try_mutant(number, first, seeds)
        note()
        return found

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(try_and_note, range(len(MUTANTS))))


def try_mutant(number: int, first: int, seeds: int) -> Found:
    """One mutant, in a process of its own."""
    mutant = MUTANTS[number]
    command = [sys.executable, "-m", "simulation.mutants", str(number), str(first), str(seeds)]
    # Under pytest it is not the environment that has the import roots.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=MAX_SECONDS,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Found(mutant, "a history does not end")
    if done.returncode == -signal.SIGXCPU:
        return Found(mutant, "a history does not end")
    if done.returncode:
        raise RuntimeError(f"mutant {mutant.name!r}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Found(mutant, found["by"], found["seed"]) if found else Found(mutant, "")


def is_noise(found: Found) -> bool:
    """Whether the history that noticed a mutant fails without it as well."""
    return bool(found.by) and bool(run(Plan(found.seed, found.mutant.needs)).violations)
