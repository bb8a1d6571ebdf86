"""Time, as it is passed in: the clock, and how much time the steps of a batch may take."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol


class Wait(Protocol):
    """Waits for what runs in an executor, as `concurrent.futures.wait`."""

    def __call__(self, fs: Collection[Future[Any]], timeout: float) -> object:
        """Return when all are done, or after `timeout` seconds."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock in epoch seconds, and two ways to let seconds pass."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    wait: Wait


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """What a batch must keep to.

    Attributes:
        max_parallel: The most calls side by side.
        call_seconds: The longest that sending for one person takes.
        settle_seconds: The longest that ledger and queue take after the last call.
        send_seconds: The longest that a send to the queue takes.
    """

    max_parallel: int
    call_seconds: float
    settle_seconds: float
    send_seconds: float
