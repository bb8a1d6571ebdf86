"""What a million invites cost in USD: durations measured here, at list price.

In batches of 10, API 100 ms. A Lambda with less memory has less CPU, so the measured CPU time is
multiplied accordingly. This machine's CPU is not Lambda's; only the shares are meaningful.
"""

import io
import time
from contextlib import redirect_stdout
from dataclasses import dataclass

from bench import prices
from bench.figures import Figure, interleaved
from bench.rivals import Bare, ours, timed, warm_up
from bench.surroundings import TOKEN, in_process
from support.batches import Batches
from template.reading import Template

API_SECONDS, SIZE, ROUNDS = 0.1, 10, 9
MEMORIES = (128, 256, 512, 1024, 1769)
BATCHES = prices.MILLION / SIZE
# Each message sent by itself; received and deleted in batches.
SQS = (prices.MILLION + 2 * BATCHES) * prices.SQS_REQUEST
# A claim and its end.
LEDGER = 2 * prices.MILLION * prices.WRITE


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of a batch: seconds, and seconds of CPU among them."""

    seconds: float
    cpu: float

    def seconds_with(self, memory: int) -> float:
        """Seconds of the batch with this memory, which may give only a share of a CPU."""
        return self.seconds + self.cpu * (max(1.0, prices.MEBIBYTES_OF_ONE_CPU / memory) - 1)

    def cost_with(self, memory: int) -> float:
        """The cost of a million invites, Lambda alone."""
        duration = self.seconds_with(memory) * memory / 1024 * prices.GIGABYTE_SECOND
        return BATCHES * (duration + prices.INVOCATION)


def measure() -> list[Figure]:
    """All figures."""
    mine, slow, log = _measure()
    memory = int(Template().properties("SendInvitesFunction")["MemorySize"])
    logs = BATCHES * log / 1e9 * prices.LOG_GIGABYTE
    parts = {
        "Lambda": mine.cost_with(memory),
        "SQS": SQS,
        "DynamoDB, two writes each": LEDGER,
        "CloudWatch Logs (LogLevel WARNING leaves out most)": logs,
    }
    total = sum(parts.values())
    pipe = prices.MILLION * (prices.PIPE_REQUEST + prices.API_DESTINATION_CALL)
    sequential = slow.cost_with(memory)
    return [
        *(Figure(f"ours: {name}", [value], "USD") for name, value in parts.items()),
        Figure("ours in all", [total], "USD"),
        Figure("share of the dearest part", [max(parts.values()) / total]),
        Figure("Pipes with an API destination, and SQS", [pipe + SQS], "USD"),
        Figure("a sequential function with the same ledger and log: Lambda", [sequential], "USD"),
        Figure("the same in all", [total - parts["Lambda"] + sequential], "USD"),
        *(
            figure
            for size in MEMORIES
            for figure in (
                Figure(f"{size} MB: a batch of {SIZE}", [mine.seconds_with(size) * 1000], "ms"),
                Figure(f"{size} MB: Lambda", [mine.cost_with(size)], "USD"),
            )
        ),
    ]


def _measure() -> tuple[Measured, Measured, int]:
    """Ours and a sequential function; and the bytes that ours logs for a batch."""
    with in_process() as around:
        around.begin(API_SECONDS)
        bare, batches = Bare(around.api.url, TOKEN), Batches()
        log = _log_of_a_batch(batches)
        rivals = (ours, bare.one_by_one)
        warm_up(rivals, batches, SIZE)
        clocks = (time.perf_counter, time.process_time)
        values = interleaved(
            ROUNDS, *(timed(rival, batches, SIZE, clock) for rival in rivals for clock in clocks)
        )
        medians = [Figure("", measured).median for measured in values]
        return Measured(*medians[:2]), Measured(*medians[2:]), log


def _log_of_a_batch(batches: Batches) -> int:
    """Bytes that ours logs for a batch."""
    with redirect_stdout(io.StringIO()) as log:
        ours(batches(SIZE))
        return len(log.getvalue())
