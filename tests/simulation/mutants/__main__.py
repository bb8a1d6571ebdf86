"""`python -m simulation.mutants NUMBER SEED SEEDS`: one mutant against some histories, as JSON."""

import json
import resource
import sys

from simulation.mutants.mutant import infect
from simulation.mutants.table import MUTANTS

# A mistake can keep a history from ever ending. CPU time is the same on a busy machine; forty
# histories take less than half of this.
CPU_SECONDS = 120


def main() -> None:
    """Print the seed that noticed it, and by what; null if none did."""
    number, first, count = (int(argument) for argument in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    mutant = MUTANTS[number]
    infect(mutant)
    # Only now: what these import has the mistake in it.
    from simulation.history import run  # noqa: PLC0415
    from simulation.plan import Plan  # noqa: PLC0415

    found_by = [] if mutant.found_by is None else [mutant.found_by]
    for seed in (*found_by, *range(first, first + count)):
        if found := run(Plan(seed, mutant.needs)).violations:
            print(json.dumps({"seed": seed, "by": found[0]}))  # noqa: T201 - what it is for
            return
    print("null")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
