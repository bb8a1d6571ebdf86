"""Lambda: the event source mapping, and the reading of the function's answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.model.queue import Queue
from simulation.world.timeline import Timeline

# AWS Lambda, "Using Lambda with Amazon SQS": the mapping long-polls for up to 20 s.
LONG_POLL = 20.0


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
    return {str(one) for one in ids} if all(one in batch for one in ids) else set(batch)


class Mapping:
    """An event source mapping: some pollers side by side, each with an environment of its own.

    Args:
        timeline: Virtual time.
        queue: Where messages come from.
        handlers: One for each execution environment: `handler(event, context)`.
        batch_size: The most messages of one invocation.
        timeout: Seconds that an invocation may take.

    Attributes:
        overhead: Seconds that an invocation takes in which nobody is called.
    """

    def __init__(
        self,
        timeline: Timeline,
        queue: Queue,
        handlers: Sequence[Callable[[dict[str, Any], Any], Any]],
        batch_size: int,
        timeout: float,
    ) -> None:
        self._timeline = timeline
        self._queue = queue
        self._batch_size = batch_size
        self._timeout = timeout
        self.invocations = 0
        self.overhead = 0.0
        for handler in handlers:
            timeline.spawn(lambda handler=handler: self._poll(handler))  # type: ignore[misc]

    def _poll(self, handler: Callable[[dict[str, Any], Any], Any]) -> None:
        while True:
            records = self._queue.receive(self._batch_size)
            if records:
                self._invoke(handler, records)
            else:
                visible_at = self._queue.next_visible_at()
                wait = LONG_POLL if visible_at is None else visible_at - self._timeline.now()
                self._timeline.sleep(min(LONG_POLL, max(0.01, wait)))

    def _invoke(
        self, handler: Callable[[dict[str, Any], Any], Any], records: list[dict[str, Any]]
    ) -> None:
        self.invocations += 1
        now = self._timeline.now
        context = Context(f"request-{self.invocations}", now() + self._timeout, now)
        self._timeline.sleep(self.overhead)
        answer = handler({"Records": records}, context)
        if now() > context.ends_at:
            return  # timed out: no answer, and every message comes back
        ids = [record["messageId"] for record in records]
        failed = failed_ids(answer, ids)
        for message_id in ids:
            if message_id not in failed:
                self._queue.delete(message_id)
