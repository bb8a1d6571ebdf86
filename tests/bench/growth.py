"""Growth in messages: the work of one batch in this process, without a call to anybody."""

import time
from collections.abc import Callable
from functools import partial

from bench.figures import Figure, interleaved, ratios
from support.build import DEADLINE, InlineExecutor, message, processor, signup
from support.fakes import FakeSender, MemoryLedger

FEW, MANY = 10, 10_000
ROUNDS = 7
# In a batch of ten each message bears more of the batch's own costs; a higher ratio is growth.
GOAL = 1.5


def measure() -> list[Figure]:
    """All figures."""
    few, many = interleaved(ROUNDS, _processing(FEW), _processing(MANY))
    return [
        Figure(f"a message, of {FEW:,}", [value * 1e6 for value in few], "µs CPU"),
        Figure(f"a message, of {MANY:,}", [value * 1e6 for value in many], "µs CPU"),
        Figure(f"of {MANY:,} / of {FEW:,}", ratios(many, few), at_most=GOAL),
    ]


def _processing(count: int) -> Callable[[], float]:
    return partial(_process, count, MANY // count)


def _process(count: int, times: int) -> float:
    """Seconds of CPU for each message."""
    messages = [message(signup(number), number) for number in range(count)]
    batch_processor = processor(FakeSender(), MemoryLedger(), InlineExecutor())
    began = time.process_time()
    for _ in range(times):
        batch_processor.process(messages, DEADLINE)
    return (time.process_time() - began) / (count * times)
