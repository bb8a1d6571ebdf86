"""The time of a batch, beside the same calls made bare, and one after the other.

All make the same calls: for each person a claim, the POST, and the claim's end. The API answers
after the time that the row names, the ledger after 4 ms.
"""

import time
from collections.abc import Sequence

from bench.figures import Figure, interleaved, ratios
from bench.rivals import Bare, ours, timed, warm_up
from bench.surroundings import TOKEN, Surroundings, in_process, progress
from support.batches import Batches

API_SECONDS = (0.02, 0.1, 0.5)
SIZES = (1, 10, 50, 100)
ROUNDS = 9
# A sequential batch takes its size times the latency: fewer rounds, and no batch longer than this.
SEQUENTIAL_ROUNDS = 3
SEQUENTIAL_SECONDS = 6.0
# The goals are for the expected latency of the API, and for the template's batch size.
GOAL_AT = (0.1, 10)
SIDE_BY_SIDE_GOAL, SEQUENTIAL_GOAL = 1.10, 8.0


def measure() -> list[Figure]:
    """All figures."""
    with in_process() as around:
        bare, batches = Bare(around.api.url, TOKEN), Batches()
        return [
            figure
            for seconds in API_SECONDS
            for size in SIZES
            for figure in _measure(around, bare, batches, seconds, size)
        ]


def _measure(
    around: Surroundings, bare: Bare, batches: Batches, seconds: float, size: int
) -> list[Figure]:
    progress(f"batches of {size}, API {seconds * 1000:.0f} ms")
    around.begin(seconds)
    warm_up([ours, bare.side_by_side, bare.batched], batches, size)
    mine, floor, batched = interleaved(
        ROUNDS,
        timed(ours, batches, size, time.perf_counter),
        timed(bare.side_by_side, batches, size, time.perf_counter),
        timed(bare.batched, batches, size, time.perf_counter),
    )
    name = f"API {seconds * 1000:.0f} ms, batch of {size}"
    goal = (seconds, size) == GOAL_AT
    figures = [
        Figure(f"{name}: ours", _milli(mine), "ms"),
        Figure(
            f"{name}: ours / side by side",
            ratios(mine, floor),
            at_most=SIDE_BY_SIDE_GOAL if goal else None,
        ),
        Figure(f"{name}: ours / the same, the ledger's calls batched", ratios(mine, batched)),
    ]
    if size > 1 and size * seconds < SEQUENTIAL_SECONDS:
        slow, quick = interleaved(
            SEQUENTIAL_ROUNDS,
            timed(bare.one_by_one, batches, size, time.perf_counter),
            timed(ours, batches, size, time.perf_counter),
        )
        minimum = SEQUENTIAL_GOAL if goal else None
        figures.append(Figure(f"{name}: sequential / ours", ratios(slow, quick), at_least=minimum))
    return figures


def _milli(seconds: Sequence[float]) -> list[float]:
    return [value * 1000 for value in seconds]
