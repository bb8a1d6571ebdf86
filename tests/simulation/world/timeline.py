"""Virtual time: tasks that sleep, woken in the order of their moments. A day passes in seconds."""

import heapq
import itertools
from collections.abc import Callable

from greenlet import getcurrent, greenlet

# Any moment does; this one makes timestamps in failures readable.
START = 1_772_442_000.0


class Timeline:
    """Runs tasks in turn: one runs until it sleeps, then whoever wakes next. Deterministic."""

    def __init__(self) -> None:
        self._now = START
        self._sleepers: list[tuple[float, int, greenlet]] = []
        # By task, its only entry that holds: one that was woken earlier has left one behind.
        self._due: dict[greenlet, int] = {}
        self._order = itertools.count()
        self._hub = getcurrent()

    def now(self) -> float:
        """Epoch seconds, virtual."""
        return self._now

    def spawn(self, task: Callable[[], None], delay: float = 0.0) -> None:
        """Have a task begin after so many seconds."""
        self._wake_later(greenlet(task, parent=self._hub), delay)

    def sleep(self, seconds: float) -> None:
        """Called by a task: let others run until so many seconds have passed."""
        self._wake_later(getcurrent(), seconds)
        self._hub.switch()

    def park(self) -> None:
        """Called by a task: let others run until somebody wakes this one."""
        self._hub.switch()

    def wake(self, task: greenlet) -> None:
        """Have a task that sleeps or is parked go on now."""
        self._wake_later(task, 0.0)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let so many seconds pass, or fewer if that which is waited for comes about."""
        ends = self._now + seconds
        while self._sleepers and self._sleepers[0][0] <= ends and not until():
            self._now, order, task = heapq.heappop(self._sleepers)
            if self._due.get(task) == order:
                del self._due[task]
                task.switch()
        if not until():
            self._now = ends

    def _wake_later(self, task: greenlet, seconds: float) -> None:
        moment = self._now + max(0.0, seconds)
        self._due[task] = next(self._order)
        heapq.heappush(self._sleepers, (moment, self._due[task], task))
