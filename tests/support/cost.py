"""CPU and memory that bodies take, each in a fresh process of its own.

    python -m support.cost read|show

Reads from the standard input a JSON list of bodies, and prints the cost of each as JSON in a line.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explain.table import table
from support.build import READER
from support.dead_letters import letter, make_triage
from triage_dead_letters.console.letter import letter_page
from triage_dead_letters.console.overview import Endpoints


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU, and the peak of memory above the level before, in bytes."""

    seconds: float
    memory: int


def read(body: str) -> None:
    """What send_invites does with it before it sends anything."""
    READER.read(body)


def show(body: str) -> None:
    """What `explain` and the console's page do with it."""
    shown = make_triage([letter(1, body)]).view.answer({"action": "show", "messageId": "letter-1"})
    json.dumps(shown)
    letter_page(shown, Endpoints("arn:view", "arn:act"))
    list(table([{"file": "-", **shown["explanation"]}]))


_WORK: dict[str, Callable[[str], None]] = {"read": read, "show": show}


def costs(work: str, bodies: Sequence[str]) -> list[Cost]:
    """The cost of each body, measured in a child process."""
    done = subprocess.run(
        [sys.executable, "-m", "support.cost", work],
        input=json.dumps(bodies),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [Cost(**json.loads(line)) for line in done.stdout.splitlines()]


def _main(work: Callable[[str], None], bodies: list[str]) -> None:
    # A first run warms up: what is made once counts for no body.
    work("{}")
    for body in bodies:
        if (child := os.fork()) == 0:
            _print_cost(work, body)
            os._exit(0)
        os.waitpid(child, 0)


def _print_cost(work: Callable[[str], None], body: str) -> None:
    before, began = _memory("VmRSS"), time.process_time()
    work(body)
    cost = {"seconds": time.process_time() - began, "memory": _memory("VmHWM") - before}
    sys.stdout.write(f"{json.dumps(cost)}\n")
    sys.stdout.flush()


def _memory(what: str) -> int:
    """Bytes, from proc(5): resident now (VmRSS), or the peak since the fork (VmHWM)."""
    status: Any = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    _main(_WORK[sys.argv[1]], json.load(sys.stdin))
