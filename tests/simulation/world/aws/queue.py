"""SQS: the signup queue and its dead-letter queue."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.invariants.invariants import Invariants
from simulation.model.queue import record
from simulation.plan import Plan


@dataclass(slots=True)
class QueuedMessage:
    """A message in the queue.

    Attributes:
        wasted_receives: Receives of no use: the function was ended, or could not say
            when the message is to come again.
        killed: Receives in which a body, its own or another one, ended the function.
    """

    id: str
    body: str
    sent_at: float
    visible_at: float
    receive_count: int = 0
    received_at: float = 0.0
    first_received_at: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    wasted_receives: int = 0
    killed_receives: int = 0


@dataclass
class Queue:
    """The queues' state; `receives`, `visibility` and `retention` are the template's."""

    plan: Plan
    invariants: Invariants
    now: Callable[[], float]
    receives: int
    visibility: float
    retention: float
    in_flight_limit: int = 120_000
    waiting: dict[str, QueuedMessage] = field(default_factory=dict)
    dead: dict[str, QueuedMessage] = field(default_factory=dict)
    on_send: Callable[[], None] = lambda: None
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def send(self, body: str, age: float = 0.0, attributes: Mapping[str, Any] | None = None) -> str:
        """Take a message, as if it had been sent so many seconds ago."""
        now = self.now()
        stored = QueuedMessage(self._new_id(), body, now - age, now, attributes=attributes or {})
        return self._take(stored)

    def send_again(self, body: str, of: str, attributes: Mapping[str, Any]) -> str:
        """Take a message that is sent for a dead letter, whose id is `of`."""
        now = self.now()
        self.invariants.sent_again(of)
        return self._take(QueuedMessage(self._new_id(), body, now, now, attributes=attributes), of)

    def _new_id(self) -> str:
        return f"message-{next(self._ids)}"

    def _take(self, stored: QueuedMessage, of: str = "") -> str:
        self.waiting[stored.id] = stored
        self.invariants.accepted(stored.id, stored.body, of)
        self.on_send()
        return stored.id

    def receive(self, most: int) -> list[dict[str, Any]]:
        """Deliver what is visible, in any order, as records of a Lambda event."""
        now = self.now()
        visible = [one for one in self.waiting.values() if one.visible_at <= now]
        room = self.in_flight_limit - (len(self.waiting) - len(visible))
        if visible and room <= 0:
            # Amazon SQS, quotas: with so many in flight a receive gives none.
            self.plan.note("sqs: in-flight limit")
            return []
        self.plan.random.shuffle(visible)
        staying = [one for one in visible if not self._moves(one)]
        return [self._deliver(one) for one in staying[: min(most, room)]]

    def next_visible_at(self) -> float | None:
        """When the next message can be received; None if there is none."""
        return min((one.visible_at for one in self.waiting.values()), default=None)

    def delete(self, message_id: str) -> None:
        """What the poller does with a message that did not fail."""
        if stored := self.waiting.pop(message_id, None):
            self.invariants.deleted(stored)

    def redrive(self) -> None:
        """Amazon SQS, StartMessageMoveTask: with a new id, a new send time and no receives.

        Those that somebody has just received stay.
        """
        for stored in list(self.dead.values()):
            if stored.visible_at <= self.now():
                self.send_again(self.invariants.corrected(stored), stored.id, stored.attributes)
                self.take_out(stored.id)

    def take_out(self, message_id: str) -> None:
        """Delete a dead letter."""
        if stored := self.dead.pop(message_id, None):
            self.invariants.taken_out(stored)

    def _moves(self, stored: QueuedMessage) -> bool:
        """Whether the message leaves the queue instead of being received.

        To the dead-letter queue when its receive count would exceed maxReceiveCount; for ever
        when it is older than the queue's retention.
        """
        if self.now() - stored.sent_at > self.retention:
            self.invariants.expired(self.waiting.pop(stored.id))
            return True
        if stored.receive_count < self.receives:
            return False
        self.dead[stored.id] = self.waiting.pop(stored.id)
        stored.visible_at = self.now()
        self.invariants.dead_lettered(stored)
        return True

    def _deliver(self, stored: QueuedMessage) -> dict[str, Any]:
        now = self.now()
        stored.receive_count += 1
        stored.received_at = now
        stored.first_received_at = stored.first_received_at or now
        if self.plan.happens("sqs: delivered twice"):
            # Amazon SQS, "At-least-once delivery": a server did not hear of the receive.
            stored.wasted_receives += 1
            self.invariants.doubled(stored)
        else:
            stored.visible_at = now + self.visibility
        return record(stored) | {"messageAttributes": _shown(stored.attributes)}


def _shown(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Message attributes as Lambda shows them to a function."""
    return {
        name: {"stringValue": one["StringValue"], "dataType": one["DataType"]}
        for name, one in attributes.items()
    }
