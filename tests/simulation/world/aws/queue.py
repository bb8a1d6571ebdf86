"""SQS: the signup queue and its dead-letter queue."""

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.invariants.observer import Observer
from simulation.plan import Plan

# Amazon SQS, quotas: messages in flight on a standard queue.
MAX_IN_FLIGHT = 120_000
# Amazon SQS, ChangeMessageVisibility: 12 hours from the receive; more is an error.
MAX_VISIBILITY = 12 * 3600


@dataclass(slots=True)
class QueuedMessage:
    """A message in the queue.

    Attributes:
        number: Its place in the order of arrival.
        wasted_receives: Receives of no use: the function was ended, or could not say when the
            message is to come again.
        killed_receives: Receives in which a body, its own or another one, ended the function.
        schedule_entry: The number of its entry in the queue's schedule that holds.
    """

    number: int
    body: str
    sent_at: float
    visible_at: float
    receive_count: int = 0
    received_at: float = 0.0
    first_received_at: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    wasted_receives: int = 0
    killed_receives: int = 0
    schedule_entry: int = 0

    @property
    def id(self) -> str:
        """The message's id."""
        return f"message-{self.number}"


@dataclass
class Queue:
    """Both queues' state; `receives`, `visibility` and `retention` are the template's.

    Attributes:
        is_shuffled: Whether messages come in any order, as from SQS; else soonest first.
        waiting: Messages of the signup queue, by id.
        dead: Dead letters, by id.
        expired: Messages that the queue has deleted for their age, by id.
        max_receive_count: Of all messages, the most receives that one had.
        on_send: Called when a message is sent, or may be visible sooner.
    """

    plan: Plan
    observer: Observer
    now: Callable[[], float]
    receives: int
    visibility: float
    retention: float
    in_flight_limit: int = MAX_IN_FLIGHT
    is_shuffled: bool = True
    waiting: dict[str, QueuedMessage] = field(default_factory=dict)
    dead: dict[str, QueuedMessage] = field(default_factory=dict)
    expired: dict[str, QueuedMessage] = field(default_factory=dict)
    max_receive_count: int = 0
    on_send: Callable[[], None] = lambda: None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    # When messages become visible, soonest first: a message's last entry is the one that holds.
    _schedule: list[tuple[float, int, QueuedMessage]] = field(default_factory=list)
    _entries: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def send(self, body: str, age: float = 0.0, attributes: Mapping[str, Any] | None = None) -> str:
        """Take a message, as if it had been sent so many seconds ago; its id."""
        sent_at = self.now() - age
        return self._take(body, sent_at, attributes or {}, of="")

    def send_again(self, body: str, of: str, attributes: Mapping[str, Any]) -> str:
        """Take a message that is sent for a dead letter, whose id is `of`; the new one's id."""
        self.observer.sent_again(of)
        return self._take(body, self.now(), attributes, of)

    def _take(self, body: str, sent_at: float, attributes: Mapping[str, Any], of: str) -> str:
        now = self.now()
        message = QueuedMessage(next(self._numbers), body, sent_at, now, attributes=attributes)
        self.waiting[message.id] = message
        self.observer.accepted(message.id, body, of)
        self.show_at(message, now)
        self.on_send()
        return message.id

    def show_at(self, message: QueuedMessage, moment: float) -> None:
        """Have a message of the signup queue be visible from a moment on."""
        message.visible_at, message.schedule_entry = moment, next(self._entries)
        heapq.heappush(self._schedule, (moment, message.schedule_entry, message))

    def next_visible_at(self) -> float | None:
        """When the next message can be received; None if there is none."""
        while self._schedule:
            moment, entry, message = self._schedule[0]
            if message.schedule_entry == entry and message.id in self.waiting:
                return moment
            heapq.heappop(self._schedule)
        return None

    def receive(self, max_count: int) -> list[dict[str, Any]]:
        """Deliver visible messages, as records of a Lambda event."""
        chosen = self._in_any_order(max_count) if self.is_shuffled else self._soonest(max_count)
        return [self._deliver(message) for message in chosen]

    def _soonest(self, max_count: int) -> list[QueuedMessage]:
        staying = (message for message in self._visible() if not self._leaves(message))
        return list(itertools.islice(staying, max_count))

    def _in_any_order(self, max_count: int) -> list[QueuedMessage]:
        visible = sorted(self._visible(), key=lambda message: message.number)
        room = self.in_flight_limit - (len(self.waiting) - len(visible))
        if visible and room <= 0:
            # Amazon SQS, quotas: with so many in flight a receive gives none.
            self.plan.note("sqs: in-flight limit")
            self._put_back(visible)
            return []
        self.plan.random.shuffle(visible)
        staying = [message for message in visible if not self._leaves(message)]
        count = min(max_count, room)
        self._put_back(staying[count:])
        return staying[:count]

    def _visible(self) -> Iterator[QueuedMessage]:
        """What can be received now; each is taken off the schedule."""
        while (moment := self.next_visible_at()) is not None and moment <= self.now():
            yield heapq.heappop(self._schedule)[2]

    def _put_back(self, messages: list[QueuedMessage]) -> None:
        for message in messages:
            self.show_at(message, message.visible_at)

    def _leaves(self, message: QueuedMessage) -> bool:
        """Whether the message leaves the queue instead of being received.

        To the dead-letter queue when its receive count would exceed maxReceiveCount; for ever
        when it is older than the queue's retention.
        """
        if self.now() - message.sent_at > self.retention:
            self.expired[message.id] = self.waiting.pop(message.id)
            self.observer.expired(message)
            return True
        if message.receive_count < self.receives:
            return False
        self.dead[message.id] = self.waiting.pop(message.id)
        message.visible_at = self.now()
        self.observer.dead_lettered(message)
        return True

    def _deliver(self, message: QueuedMessage) -> dict[str, Any]:
        now = self.now()
        message.receive_count += 1
        self.max_receive_count = max(self.max_receive_count, message.receive_count)
        message.received_at = now
        message.first_received_at = message.first_received_at or now
        if self.plan.happens("sqs: delivered twice"):
            # Amazon SQS, "At-least-once delivery": a server did not hear of the receive.
            message.wasted_receives += 1
            self.observer.doubled(message)
            self.show_at(message, message.visible_at)
        else:
            self.show_at(message, now + self.visibility)
        return _record(message)

    def delete(self, message_id: str) -> None:
        """What the poller does with a message that did not fail."""
        if message := self.waiting.pop(message_id, None):
            self.observer.deleted(message)

    def redrive(self) -> None:
        """Amazon SQS, StartMessageMoveTask: with a new id, a new send time and no receives.

        A dead letter that somebody has just received stays.
        """
        for message in list(self.dead.values()):
            if message.visible_at <= self.now():
                body = self.observer.corrected(message)
                self.send_again(body, message.id, message.attributes)
                self.take_out(message.id)

    def take_out(self, message_id: str) -> None:
        """Delete a dead letter."""
        if message := self.dead.pop(message_id, None):
            self.observer.taken_out(message)


def _record(message: QueuedMessage) -> dict[str, Any]:
    """A message as Lambda shows it to the function."""
    return {
        "messageId": message.id,
        "receiptHandle": f"{message.id}/{message.receive_count}",
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receive_count),
            "SentTimestamp": str(int(message.sent_at * 1000)),
        },
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
            for name, value in message.attributes.items()
        },
    }
