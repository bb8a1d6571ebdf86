"""The event source mapping: pollers, their environments, and what an answer does to a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from greenlet import getcurrent, greenlet

from simulation.plan import HOUR, Plan
from simulation.world.aws.queue import Queue
from simulation.world.lambda_service.environment import Crash, Environment
from simulation.world.timeline import Timeline

# Lambda tries a function that cannot start again, and gives the batch back.
START_FAILURE = 1.0
# After a poll that gave nothing though something is visible: too much is in flight.
EMPTY = 5.0
# A day is what the visibility timeout and 20 receives are not meant for; 4 hours are.
MAX_BROKEN = 3 * HOUR

# AWS Lambda, "Using Lambda with Amazon SQS": the mapping long-polls for up to 20 s.
LONG_POLL = 20.0
# Pollers whose messages are visible at one moment come one after the other.
MIN_IDLE = 0.01

Handler = Callable[[dict[str, Any], Any], object]


@dataclass(slots=True)
class StartedEnvironment:
    """An execution environment, and the handler that bootstrap made in it."""

    environment: Environment
    handler: Handler


@dataclass(frozen=True, slots=True)
class Context:
    """What the handler reads of Lambda's context object."""

    aws_request_id: str
    ends_at: float
    now: Callable[[], float]

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""
        return int((self.ends_at - self.now()) * 1000)


def failed_ids(answer: object, batch: Sequence[str]) -> set[str]:
    """The messages that stay in the queue, by a function's answer.

    AWS Lambda, "Handling errors for an SQS event source", success and failure conditions: an
    answer that is empty or null, or whose `batchItemFailures` is, is a success. An item without
    `itemIdentifier`, or whose identifier is empty, null or unknown, fails the whole batch.
    """
    if not isinstance(answer, dict):
        return set() if answer is None or answer == "" else set(batch)
    failures = answer.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return set(batch)
    ids = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in failures]
    is_known = all(message_id in batch for message_id in ids)
    return {str(message_id) for message_id in ids} if is_known else set(batch)


class EventSourceMapping:
    """Pollers side by side, each with an environment of its own.

    Args:
        start: Makes an environment, as Lambda does when there is none.
        batch_size: The most messages of one invocation.
        timeout: Seconds that an invocation may take.
        is_woken: Whether an idle poller hears of each message at once. Else it polls when the next
            message known to it is visible, and after `LONG_POLL` at the latest.

    Attributes:
        overhead: Seconds that an invocation takes in which nobody is called; None if the calls to
            AWS take their time already.
    """

    def __init__(
        self,
        timeline: Timeline,
        plan: Plan,
        queue: Queue,
        start: Callable[[], StartedEnvironment],
        *,
        batch_size: int,
        timeout: float,
        is_woken: bool = True,
    ) -> None:
        self._timeline = timeline
        self._plan = plan
        self._queue = queue
        self._start = start
        self._batch_size = batch_size
        self._timeout = timeout
        # In order: a set of tasks has none that a seed decides.
        self._idle: dict[greenlet, None] = {}
        self._requests = 0
        self.overhead: float | None = None
        self._is_woken = is_woken
        if is_woken:
            queue.on_send = self._wake

    def add_pollers(self, count: int) -> None:
        """Begin to poll."""
        for _ in range(count):
            self._timeline.spawn(self._poll)

    def _wake(self) -> None:
        for poller in self._idle:
            self._timeline.wake(poller)
        self._idle.clear()

    def _poll(self) -> None:
        started = self._start()
        while True:
            if records := self._queue.receive(self._batch_size):
                started = self._invoke(started, records)
            else:
                self._wait()

    def _wait(self) -> None:
        """Until something is visible: as if it were polled all the time."""
        moment = self._queue.next_visible_at()
        if not self._is_woken:
            left = LONG_POLL if moment is None else moment - self._timeline.now()
            self._timeline.sleep(min(LONG_POLL, max(MIN_IDLE, left)))
            return
        self._idle[getcurrent()] = None
        if moment is None:
            self._timeline.park()
        else:
            self._timeline.sleep(max(EMPTY, moment - self._timeline.now()))
        self._idle.pop(getcurrent(), None)

    def _invoke(
        self, started: StartedEnvironment, records: list[dict[str, Any]]
    ) -> StartedEnvironment:
        """Hand a batch over to the function; the environment for the next batch."""
        if self._plan.lasts("lambda: cannot start", MAX_BROKEN):
            self._timeline.sleep(START_FAILURE)
            self._burn(records)
            return self._start()
        environment = started.environment
        environment.begin(self._timeout)
        now = self._timeline.now
        self._requests += 1
        context = Context(f"request-{self._requests}", now() + self._timeout, now)
        if self.overhead is not None:
            self._timeline.sleep(self.overhead)
        try:
            answer = started.handler({"Records": records}, context)
        except Crash:
            self._burn(records, is_killed=environment.is_killed)
            return self._start()
        except Exception as error:  # noqa: BLE001 - the handler may never raise
            self._queue.observer.fail(f"the function raised {type(error).__name__}")
            answer = error
        environment.is_idle = True
        self._delete(answer, [record["messageId"] for record in records])
        return self._start() if self._plan.happens("lambda: new environment") else started

    def _delete(self, answer: object, ids: list[str]) -> None:
        failed = failed_ids(answer, ids)
        for message_id in ids:
            if message_id in failed:
                continue
            if self._plan.happens("lambda: delete lost"):
                # It comes back when its visibility ends.
                continue
            self._queue.delete(message_id)

    def _burn(self, records: list[dict[str, Any]], *, is_killed: bool = False) -> None:
        for record in records:
            if message := self._queue.waiting.get(record["messageId"]):
                message.wasted_receives += 1
                message.killed_receives += is_killed
                self._queue.observer.doubled(message)
