"""The executor and the lock of an environment: tasks that switch only at calls."""

import contextlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

from simulation.plan import Plan
from simulation.world.lambda_service.environment import Crash, Environment
from simulation.world.timeline import Timeline

T = TypeVar("T")

# Threads begin in any order; by how much, in seconds, is of no consequence.
START = 0.001
FOR_EVER = 1e9


class VirtualExecutor(Executor):
    """Runs tasks side by side, in virtual time."""

    def __init__(self, timeline: Timeline, environment: Environment, plan: Plan) -> None:
        self._timeline = timeline
        self._environment = environment
        self._plan = plan

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401
        """As `Executor.submit`."""
        future: Future[T] = _VirtualFuture(lambda wanted: self.wait([wanted], FOR_EVER))

        def task() -> None:
            if self._environment.is_dead or not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except Crash:
                return  # nobody waits for it any more
            except Exception as error:  # noqa: BLE001 - as the real one: it is the caller's
                future.set_exception(error)

        self._timeline.spawn(task, self._plan.random.uniform(0, START))
        return future

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        **_: Any,  # noqa: ANN401 - later versions of Python have more
    ) -> Iterator[T]:
        """As `Executor.map`."""
        del timeout, chunksize
        futures = [self.submit(fn, *args) for args in zip(*iterables, strict=False)]
        self.wait(futures, FOR_EVER)
        return iter([future.result() for future in futures])

    def wait(self, fs: Collection["Future[Any]"], timeout: float) -> None:
        """As `concurrent.futures.wait`."""
        waiting, ends = {getcurrent()}, self._timeline.now() + timeout

        def tell(_: "Future[Any]") -> None:
            if all(future.done() for future in fs):
                for task in waiting - {getcurrent()}:
                    self._timeline.wake(task)

        for future in fs:
            future.add_done_callback(tell)
        while not all(future.done() for future in fs) and self._timeline.now() < ends:
            self._timeline.sleep(ends - self._timeline.now())
            self._environment.check()
        waiting.clear()


class _VirtualFuture(Future[T]):
    """A future whose result lets other tasks run until it is there."""

    def __init__(self, wait: Callable[["Future[T]"], None]) -> None:
        super().__init__()
        self._wait = wait

    def result(self, timeout: float | None = None) -> T:
        """As `Future.result`."""
        if not self.done():
            self._wait(self)
        return super().result(timeout)


class VirtualLock:
    """A lock for the tasks of one environment: a task that waits lets others run."""

    def __init__(self, timeline: Timeline, environment: Environment) -> None:
        self._timeline = timeline
        self._environment = environment
        self._waiting: deque[greenlet] = deque()
        self._is_held = False

    def acquire(self, *, timeout: float) -> bool:
        """As `threading.Lock.acquire`."""
        ends = self._timeline.now() + (timeout if timeout >= 0 else FOR_EVER)
        while self._is_held and self._timeline.now() < ends:
            self._waiting.append(getcurrent())
            self._timeline.sleep(ends - self._timeline.now())
            # A task that timed out is still in the line.
            with contextlib.suppress(ValueError):
                self._waiting.remove(getcurrent())
            self._environment.check()
        if self._is_held:
            return False
        self._is_held = True
        return True

    def release(self) -> None:
        """As `threading.Lock.release`."""
        self._is_held = False
        if self._waiting:
            self._timeline.wake(self._waiting.popleft())
