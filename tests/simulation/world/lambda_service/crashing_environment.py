"""Execution environments whose tasks switch at each call, where the function may be ended."""

import contextlib
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

from greenlet import getcurrent, greenlet

from simulation.fault_kinds import NO_ROUTE
from simulation.plan import Plan
from simulation.world.lambda_service.call_sites import ROOTS, name_of
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.environment import AWS_LATENCY, Crash, Environment
from simulation.world.timeline import Timeline

T = TypeVar("T")


class CrashingEnvironment(Environment):
    """Calls take time, fail and crash; frozen between invocations, of no effect once ended.

    Attributes:
        on_overrun: Called when an invocation runs out of time without a fault that explains it.
    """

    def __init__(self, timeline: Timeline, plan: Plan, crash_points: CrashPoints) -> None:
        super().__init__(timeline, has_no_route=plan.happens_separately(NO_ROUTE))
        self._plan = plan
        self._crash_points = crash_points
        self._parked: list[greenlet] = []
        self._main: greenlet | None = None
        # The process stands still until the function's time is over.
        self._is_stalled = False
        self.on_overrun: Callable[[], None] = lambda: None

    def begin(self, timeout: float) -> None:
        """An invocation begins, of so many seconds at most: what was frozen goes on."""
        self._main, self.is_idle = getcurrent(), False
        self.invocation += 1
        for task in self._parked:
            self.timeline.wake(task)
        self._parked.clear()
        invocation = self.invocation
        self.timeline.spawn(lambda: self._end(invocation), timeout)

    def _end(self, invocation: int) -> None:
        """If the invocation is still under way, it has run out of time."""
        if self.invocation == invocation and not self.is_idle and not self.is_dead:
            if not self._is_stalled and not self._plan.counts["aws: look-up in DNS hangs"]:
                self.on_overrun()
            self._crash()

    def cross(self, effect: Callable[[], T], latency: tuple[float, float] = AWS_LATENCY) -> T:
        """Make a call: its way there, its effect, its way back."""
        site = self._site()
        self._maybe_crash(site, "before")
        self._travel(latency)
        if self.is_dead:
            if self._plan.random.random() < 0.5:
                # The request was on its way; the answer or the error reaches nobody.
                with contextlib.suppress(Exception):
                    effect()
            raise Crash
        result: T | None = None
        failure: Exception | None = None
        try:
            result = effect()
        except Exception as error:  # noqa: BLE001 - it goes back as the answer does
            failure = error
        self._maybe_crash(site, "after")
        self._travel(latency)
        self.check()
        if failure:
            raise failure
        return result  # type: ignore[return-value]  # as there was no failure

    def die(self) -> NoReturn:
        """The code under test ends the process, as by taking all of its memory."""
        self.is_killed = True
        self._crash()
        raise Crash

    def check(self) -> None:
        """Go no further than the function's end, and not while it is frozen."""
        while (self.is_idle or self._is_stalled) and not self.is_dead:
            self._parked.append(getcurrent())
            self.timeline.park()
        if self.is_dead:
            raise Crash

    def _travel(self, latency: tuple[float, float]) -> None:
        if not self.is_idle and self._plan.happens("lambda: time-out"):
            self._is_stalled = True
        self.timeline.sleep(self._plan.random.uniform(*latency))

    def _maybe_crash(self, site: str, side: str) -> None:
        if not self.is_idle and not self.is_dead and self._crash_points.falls(site, side):
            self._crash()
            raise Crash

    def _crash(self) -> None:
        self.is_dead = True
        for task in self._parked:
            self.timeline.wake(task)
        self._parked.clear()
        if self._main and self._main is not getcurrent():
            self.timeline.wake(self._main)

    def _site(self) -> str:
        frame = sys._getframe(2)  # noqa: SLF001 - the call's place in the code under test
        while not frame.f_code.co_filename.startswith(ROOTS):
            if frame.f_back is None:
                raise AssertionError("a call from outside of the code under test")
            frame = frame.f_back
        return name_of(frame.f_code)
