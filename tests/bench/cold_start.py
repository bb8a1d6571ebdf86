"""Cold start in Lambda's own runtime client, of the built artefact and of the bare minimum; memory.

From the process's start to the answer to its first event. The bare minimum has urllib3, from the
same layer, and one client each for what is used. Lambda keeps no bytecode of a layer or a
function, so none is kept here.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.cold import BARE, FUNCTION, ColdStart, cold_start, modules_imported, runtime
from bench.figures import Figure, ratios
from bench.surroundings import Surroundings, progress, surroundings
from support.batches import Batches, largest_batch

PAIRS = 20
GOAL = 1.15
MEBIBYTE = 1024 * 1024


def measure() -> list[Figure]:
    """All figures."""
    with surroundings() as around, tempfile.TemporaryDirectory() as folder:
        around.begin(0.0, 0.0)
        return _measure(around, runtime(Path(folder)))


def _measure(around: Surroundings, runtime: Path) -> list[Figure]:
    batches, variables = Batches(), around.variables
    mine: list[ColdStart] = []
    bare: list[ColdStart] = []
    progress(f"{PAIRS} pairs of cold starts")
    for _ in range(PAIRS):
        mine.append(cold_start(FUNCTION, runtime, variables, batches(1)))
        bare.append(cold_start(BARE, runtime, variables, batches(1)))
    modules = {code: modules_imported(code, runtime, variables, batches(1)) for code in _CODES}
    around.begin(0.0, 0.0)
    largest = cold_start(FUNCTION, runtime, variables, largest_batch())
    both = [start.answered for start in mine], [start.answered for start in bare]
    return [
        Figure("ours: until it is ready", _milli([start.ready for start in mine]), "ms"),
        Figure("ours: until it has answered", _milli(both[0]), "ms"),
        Figure("bare: until it is ready", _milli([start.ready for start in bare]), "ms"),
        Figure("bare: until it has answered", _milli(both[1]), "ms"),
        Figure("ours / bare, until the answer", ratios(*both), at_most=GOAL),
        Figure(
            "ours / bare, CPU until the answer",
            ratios([start.cpu for start in mine], [start.cpu for start in bare]),
        ),
        *(Figure(f"{_CODES[code]}: modules imported", [n]) for code, n in modules.items()),
        Figure("ours: memory after a message", [start.peak / MEBIBYTE for start in mine], "MiB"),
        Figure("bare: memory after a message", [start.peak / MEBIBYTE for start in bare], "MiB"),
        Figure("ours: memory after 100 messages of 6 MB", [largest.peak / MEBIBYTE], "MiB"),
    ]


_CODES = {FUNCTION: "ours", BARE: "bare"}


def _milli(seconds: Sequence[float]) -> list[float]:
    return [value * 1000 for value in seconds]
