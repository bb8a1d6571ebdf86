"""The command: `python -m explain [--json] [--default-roles ROLES] FILE…`."""

import sys
from collections.abc import Sequence

from explain.table import table
from invites.explain import command_line, json_lines, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Explain the files; 2 if one cannot be read, 0 whatever becomes of the messages."""
    given = command_line("explain").parse_args(arguments)
    return run(given, json_lines if given.json else table)


if __name__ == "__main__":
    sys.exit(main())
