"""CPU for each message: everything that the function does, beside the calls alone.

The API and the ledger answer at once, so that nothing but work is left.
"""

import time
from collections.abc import Sequence

from bench.figures import Figure, interleaved, ratios
from bench.rivals import Bare, ours, timed, warm_up
from bench.surroundings import TOKEN, in_process
from support.batches import Batches

SIZES = (1, 10, 100)
MESSAGES = 200
ROUNDS = 11
GOAL_SIZE, GOAL = 10, 1.25


def measure() -> list[Figure]:
    """All figures."""
    with in_process() as around:
        bare, batches = Bare(around.api.url, TOKEN), Batches()
        figures: list[Figure] = []
        for size in SIZES:
            around.begin(0.0, 0.0)
            figures += _measure(bare, batches, size)
        return figures


def _measure(bare: Bare, batches: Batches, size: int) -> list[Figure]:
    rivals = (ours, bare.side_by_side, bare.batched, bare.posts)
    warm_up(rivals, batches, size)
    measures = [timed(rival, batches, size, time.process_time) for rival in rivals]
    # One batch is too short for the CPU's clock.
    runs = MESSAGES // size
    mine, calls, batched, posts = (
        [sum(values[n * runs : (n + 1) * runs]) / (runs * size) for n in range(ROUNDS)]
        for values in interleaved(ROUNDS * runs, *measures)
    )
    goal = GOAL if size == GOAL_SIZE else None
    return [
        Figure(f"batch of {size}: ours", _micro(mine), "µs a message"),
        Figure(f"batch of {size}: the calls alone", _micro(calls), "µs a message"),
        Figure(f"batch of {size}: the calls, batched", _micro(batched), "µs a message"),
        Figure(f"batch of {size}: the POST alone", _micro(posts), "µs a message"),
        Figure(f"batch of {size}: ours / the calls", ratios(mine, calls), at_most=goal),
        Figure(f"batch of {size}: ours / the calls, batched", ratios(mine, batched)),
    ]


def _micro(seconds: Sequence[float]) -> list[float]:
    return [value * 1e6 for value in seconds]
