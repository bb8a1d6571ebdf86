"""An execution environment, and the calls that leave it. This one fails no call, and is quick."""

from collections.abc import Callable
from typing import TypeVar

from simulation.world.timeline import Timeline

T = TypeVar("T")

# Half of what a call to AWS in the same region takes: seconds, at least and at most.
AWS_LATENCY = (0.002, 0.03)
# Without a schedule the calls of a batch are made one after the other: ten take as long as one
# does really.
API_SECONDS = 0.01


class Crash(BaseException):
    """The function is ended here. Not an Exception: the code under test may not catch it."""


class Environment:
    """One execution environment.

    Attributes:
        invocation: The number of its last invocation.
        is_idle: No invocation is under way: Lambda has frozen it.
        is_dead: It was ended; what it has under way may or may not still happen.
        is_killed: It was a body that ended it.
        has_no_route: Its network does not lead to the API.
    """

    def __init__(self, timeline: Timeline, *, has_no_route: bool = False) -> None:
        self.timeline = timeline
        self.invocation = 0
        self.is_idle = True
        self.is_dead = False
        self.is_killed = False
        self.has_no_route = has_no_route
        self._ends_at = 0.0

    def begin(self, timeout: float) -> None:
        """An invocation begins, of so many seconds at most."""
        self.invocation += 1
        self.is_idle = False
        self._ends_at = self.timeline.now() + timeout

    def cross(self, effect: Callable[[], T], latency: tuple[float, float] = AWS_LATENCY) -> T:
        """Make a call out of the process: have its effect.

        Args:
            effect: What the service does, and answers or raises.
            latency: Of its way there, and of its way back: seconds, at least and at most. This
                environment takes no time for AWS, and `API_SECONDS` for any other.
        """
        if latency is not AWS_LATENCY:
            self.sleep(API_SECONDS)
        return effect()

    def sleep(self, seconds: float) -> None:
        """Let time pass, for the code under test."""
        self.timeline.sleep(seconds)
        self.check()

    def check(self) -> None:
        """Go no further than the function's end."""
        if self.is_dead or self.timeline.now() > self._ends_at:
            self.is_dead = True
            raise Crash
