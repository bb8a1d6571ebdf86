"""`make prove`: everything, with progress; 1 if any figure is not what it must be."""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.progress import Progress

from simulation.history import captured_log, run
from simulation.mutants.table import MUTANTS
from simulation.plan import Plan
from simulation.prove.bodies import fuzz
from simulation.prove.histories import Tally, run_histories
from simulation.prove.mutants import hunt, is_noise
from simulation.prove.refused_source import refuse_one_source
from simulation.prove.stack import prove_stack
from simulation.prove.table import Line, of_histories, of_mutants, show, show_faults

SEEDS = 1000
BODIES = 100_000
REFUSED_HOURS = 30
MESSAGES, MANY_MESSAGES = 2000, 10_000


def main() -> int:
    """Prove it, or replay one history."""
    arguments = _arguments()
    console = Console(width=110)
    if arguments.replay is not None:
        return _replay(arguments.replay, console)
    messages = MANY_MESSAGES if arguments.long else MESSAGES
    # Beside the rest, as it waits most of the time.
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as side,
        Progress(console=console) as progress,
    ):
        stack = side.submit(prove_stack, messages, arguments.seed)
        task = progress.add_task("histories", total=arguments.seeds)
        tally = run_histories(arguments.seed, arguments.seeds, lambda n: progress.advance(task, n))
        lines = [*of_histories(tally), *_mutants(arguments.seed, progress)]
        lines += _bodies(arguments.seed, progress)
        lines += _refusals(progress)
        progress.add_task(f"{messages:,} messages on the local AWS", total=None)
        lines += stack.result()
    show_faults(tally, console)
    is_right = show(lines, console)
    _tell_how_to_replay(tally, console)
    return int(not is_right)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many histories")
    parser.add_argument("--long", action="store_true", help="10,000 messages on the local AWS")
    parser.add_argument("--replay", type=int, help="one history, and what it logged")
    return parser.parse_args()


def _mutants(first: int, progress: Progress) -> Iterator[Line]:
    task = progress.add_task("mutants", total=len(MUTANTS))
    found = hunt(first, lambda: progress.advance(task))
    yield from of_mutants(found, [result for result in found if is_noise(result)])


def _bodies(seed: int, progress: Progress) -> Iterator[Line]:
    task = progress.add_task("bodies", total=BODIES)
    count, wrong = fuzz(seed, BODIES, lambda n: progress.advance(task, n))
    yield Line("bodies fuzzed", f"{count:,}", f"at least {BODIES:,}", count >= BODIES)
    yield Line("  of which wrong", "; ".join(wrong[:3]) or "0", "0", not wrong)


def _refusals(progress: Progress) -> Iterator[Line]:
    progress.add_task(f"{REFUSED_HOURS} hours of refusals", total=None)
    found = refuse_one_source(REFUSED_HOURS)
    in_vain = found.sent - found.invited
    yield Line("genuine signups beside a source that is refused", f"{found.sent:,}")
    yield Line(
        "  of which not invited, dead-lettered",
        f"{in_vain}, {found.dead}",
        "0, 0",
        in_vain == found.dead == 0,
    )
    yield Line(
        "  95 % of them invited within", f"{found.slowest:.1f} s", "60 s", found.slowest <= 60
    )


def _tell_how_to_replay(tally: Tally, console: Console) -> None:
    for seed, what in sorted(tally.violations.items()):
        console.print(f"seed {seed}: {what}\n  replay it: make prove REPLAY={seed}", style="red")


def _replay(seed: int, console: Console) -> int:
    history = run(Plan(seed))
    console.print(captured_log(), markup=False, highlight=False)
    for kind, count in sorted(history.faults.items()):
        console.print(f"{kind}: {count}")
    for what in history.violations or ("no violation",):
        console.print(f"seed {seed}: {what}", style="red" if history.violations else "green")
    return int(bool(history.violations))


if __name__ == "__main__":
    sys.exit(main())
