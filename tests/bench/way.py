"""The way of a signup through the code: files, and changes of file.

Counted in a warm invocation, over all threads in the order of time: each call of a named function
in functions/ and layers/. A lambda or a comprehension belongs to the function that it stands in.
The numbers are a sign of how often a reader has to turn pages. No file is merged for their sake.
"""

import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

from bench.figures import Figure
from bench.surroundings import Surroundings, in_process
from send_invites.handler import lambda_handler
from support.batches import CONTEXT
from support.build import record
from support.samples import EVENTS

ROOT = Path(__file__).parents[2]
CODE = tuple(ROOT / folder for folder in ("functions", "layers"))
# The samples that are sent, with the goals for files and for changes of file.
SAMPLES = {
    "canonical/signup": (32, 70),
    "okta/log-created": (38, 95),
}
WIDTH = 100
MAX_NAMED = 5


class Trace:
    """Notes the file of each call, in all threads that begin while it is installed."""

    def __init__(self) -> None:
        self._is_on = False
        self._calls: list[str] = []

    def __enter__(self) -> "Trace":
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def of(self, event: dict[str, Any]) -> list[str]:
        """The files that an invocation goes through, each as often as it is entered."""
        self._calls.clear()
        self._is_on = True
        answer = lambda_handler(event, CONTEXT)
        self._is_on = False
        if answer != {"batchItemFailures": []}:
            raise RuntimeError("the function did not invite")
        return [name for name, _ in groupby(self._calls)]

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._is_on and event == "call" and not frame.f_code.co_name.startswith("<"):
            path = Path(frame.f_code.co_filename)
            for folder in CODE:
                if path.is_relative_to(folder):
                    self._calls.append(str(path.relative_to(folder).with_suffix("")))


def measure() -> list[Figure]:
    """All figures; the ways themselves are printed."""
    with Trace() as trace, in_process() as around:
        ways = {sample: _warm(trace, around, sample) for sample in SAMPLES}
    figures: list[Figure] = []
    for sample, way in ways.items():
        sys.stdout.write(_description(sample, way))
        files, changes = SAMPLES[sample]
        figures += [
            Figure(f"{sample}: files", [len(set(way))], at_most=files),
            Figure(f"{sample}: changes of file", [len(way) - 1], at_most=changes),
        ]
    return figures


def _warm(trace: Trace, around: Surroundings, sample: str) -> list[str]:
    """The files of a sample's second invocation; API and ledger have forgotten the first."""
    event = {"Records": [record((EVENTS / f"{sample}.json").read_text(encoding="utf-8"))]}
    around.begin(0.0, 0.0)
    trace.of(event)
    around.begin(0.0, 0.0)
    return trace.of(event)


def _description(sample: str, way: Sequence[str]) -> str:
    often = Counter(way).most_common(MAX_NAMED)
    named = ", ".join(f"{name} ({count})" for name, count in often)
    # A line ends after an arrow: it is not broken at the space before it.
    steps = textwrap.fill("\N{NO-BREAK SPACE}> ".join(way), WIDTH).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    return f"{sample}\n{steps}\nEntered most often: {named}.\n\n"
