"""`make bench`: measure, and print the figures as a table."""

import sys

from rich.console import Console
from rich.table import Table

from bench.mapping import measure


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    table = Table("what", "median", "least", "most", "goal")
    figures = measure()
    for one in figures:
        table.add_row(one.what, *one.shown(), one.goal_shown())
    Console(width=110).print(table)
    return int(any(one.is_missed() for one in figures))


if __name__ == "__main__":
    sys.exit(main())
