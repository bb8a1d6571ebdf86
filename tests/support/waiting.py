"""Waiting for something that another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# What a stack test waits for at the longest is the second try of a message.
PATIENCE_SECONDS = 40.0
POLL_SECONDS = 0.1


def wait_until(look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Look until there is something to see (not None, not False, not empty), and return it.

    Raises:
        TimeoutError: There was nothing in time; the message says what was waited for.
    """
    ends = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > ends:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(POLL_SECONDS)
    return seen
