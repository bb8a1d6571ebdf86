"""A function that is killed at one call of many."""

from collections.abc import Callable
from typing import Any


class CrashError(Exception):
    """The function is killed."""


class Crasher:
    """Kills the function before or after one call, if a test says at which."""

    def __init__(self) -> None:
        self.calls = 0
        self.at: int | None = None
        self.is_after = False

    def call(self, effect: Callable[[], Any]) -> Any:  # noqa: ANN401 - of whatever is called
        """Make a call, or be killed before it, or after it."""
        self.calls += 1
        crashes = self.calls - 1 == self.at
        if crashes and not self.is_after:
            raise CrashError
        result = effect()
        if crashes:
            raise CrashError
        return result
