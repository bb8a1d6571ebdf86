"""`make console`: the dead-letter console of the demo that `make demo KEEP=1` left running."""

import signal
import sys

from support.console.server import console
from support.demo.running import NotRunningError, running_demo

PORT = 8080


def main() -> int:
    """Serve until Ctrl-C; the exit status."""
    try:
        stack = running_demo()
    except NotRunningError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a program for a terminal
        return 1
    with console(stack, PORT) as address:
        print(f"The dead-letter console of {stack.name}: {address}")  # noqa: T201
        print(f"In the dark, and narrow: {address}/?theme=dark&columns=6")  # noqa: T201
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    sys.exit(main())
