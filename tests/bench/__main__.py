"""`make bench`: measure, and print the figures as tables; `python -m bench cold` for one of them.

A goal that is missed is shown, and fails nothing: times differ from machine to machine.
"""

import importlib
import subprocess
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.figures import Figure

# One module each, with a `measure`. `way` is left out: it counts files, for a move of code.
PARTS = ("batches", "cpu", "cold_start", "mapping", "size", "growth", "backlog", "cost")


def main(names: Sequence[str]) -> None:
    """Print the tables of these parts, or of all.

    Each part runs in a process of its own, so that none finds what another made or imported.
    """
    if len(names) == 1:
        _print(names[0])
        return
    for name in names or PARTS:
        subprocess.run([sys.executable, "-m", "bench", name], check=True)


def _print(name: str) -> None:
    began = time.monotonic()
    part = importlib.import_module(f"bench.{name}")
    figures: list[Figure] = part.measure()
    title = str(part.__doc__).partition("\n")[0]
    seconds = f"[dim]{time.monotonic() - began:.0f} s[/]\n"
    Console(width=130).print(_table(title, figures), seconds)


def _table(title: str, figures: Sequence[Figure]) -> Table:
    table = Table("what", "median", "least", "most", "goal", title=title, title_justify="left")
    for figure in figures:
        table.add_row(figure.what, *figure.shown(), figure.goal_shown())
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
