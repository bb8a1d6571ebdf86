"""The figures, and which of them must be what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from simulation.prove.histories import MIN_MESSAGES, SIDES, Tally
from simulation.prove.mutants import Found

MIN_MUTANTS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; `is_right` is None for a figure without a bound."""

    what: str
    value: str
    wanted: str = ""
    is_right: bool | None = None


def of_histories(tally: Tally) -> Iterator[Line]:
    """What the seeded histories come to."""
    figures, zero = tally.figures, "0"
    places = len(tally.missing_crash_points())
    crashed = len(set(tally.crash_points))
    yield Line("histories", f"{tally.histories:,}")
    yield Line("  with an API that takes an address twice", f"{tally.unique_off:,}")
    yield Line(
        "  messages in the shortest",
        str(tally.fewest_messages),
        f"at least {MIN_MESSAGES}",
        tally.fewest_messages >= MIN_MESSAGES,
    )
    yield Line("messages, people", f"{figures['messages']:,}, {figures['people']:,}")
    yield Line("calls to the API", f"{figures['calls']:,}")
    yield Line("dead letters replayed by the triage", f"{figures['replayed by the triage']:,}")
    yield Line("faults", f"{sum(tally.faults.values()):,}")
    rare = tally.rare_kinds()
    yield Line("  kinds in too few histories", ", ".join(rare) or zero, zero, not rare)
    yield Line(
        "call sites crashed at, before and after",
        f"{crashed} of {crashed + places}",
        "all",
        not places,
    )
    yield Line("people lost", str(len(tally.lost())), zero, not tally.lost())
    yield Line("invited twice, the answer lost", f"{figures['invited twice, ambiguous']:,}")
    twice = tally.twice()
    yield Line("invited twice, the answer known", str(len(twice)), zero, not twice)
    yield Line(
        "dead-lettered for a cause of its own",
        f"{figures['dead-lettered for a cause of its own']:,}",
    )
    yield Line("given up after the horizon", f"{figures['given up after the horizon']:,}")
    without = tally.without_cause()
    yield Line("dead-lettered without a cause", str(len(without)), zero, not without)
    broken = len(tally.violations)
    yield Line("histories with any violation", str(broken), zero, not broken)


def of_mutants(found: Sequence[Found], noise: Sequence[Found]) -> Iterator[Line]:
    """What became of the mutants; a survivor is named, and is no failure."""
    caught = sum(bool(result.by) for result in found)
    enough = caught >= MIN_MUTANTS
    yield Line("mutants caught", f"{caught} of {len(found)}", f"at least {MIN_MUTANTS}", enough)
    yield Line("  caught by a history that fails anyway", str(len(noise)), "0", not noise)
    for result in found:
        if not result.by:
            yield Line("  survives", result.mutant.name)


def show(lines: Sequence[Line], console: Console) -> bool:
    """Print the table; whether all is as it must be."""
    table = Table("what", "figure", "wanted", "")
    for line in lines:
        mark = "" if line.is_right is None else "ok" if line.is_right else "WRONG"
        table.add_row(line.what, line.value, line.wanted, mark)
    console.print(table)
    return all(line.is_right is not False for line in lines)


def show_faults(tally: Tally, console: Console) -> None:
    """Print how often each kind of fault happened, and each crash."""
    table = Table("kind of fault", "histories", "times")
    for kind, count in sorted(tally.kinds.items()):
        table.add_row(kind, f"{count:,}", f"{tally.faults[kind]:,}")
    console.print(table)
    crashes = Table("call site", *(f"crash {side}" for side in SIDES))
    for site in sorted({site for site, _ in tally.crash_points}):
        crashes.add_row(site, *(f"{tally.crash_points[site, side]:,}" for side in SIDES))
    console.print(crashes)
