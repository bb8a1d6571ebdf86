"""SQS: a standard queue with its dead-letter queue."""

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

# Amazon SQS, ChangeMessageVisibility: 12 hours from the receive; more is an error.
LONGEST_VISIBILITY = 12 * 3600


@dataclass(slots=True)
class Stored:
    """A message in the queue. `log` holds the moments of its receives."""

    id: str
    body: str
    sent_at: float
    visible_at: float
    receive_count: int = 0
    received_at: float = 0.0
    log: list[float] = field(default_factory=list)


class Received(Protocol):
    """What a record tells of a message."""

    id: str
    body: str
    sent_at: float
    receive_count: int


class Queue:
    """The signup queue, and the dead letters that SQS moves out of it.

    Also the client that the function is given: `change_message_visibility` and
    `send_message_batch` behave as SQS's own.
    """

    def __init__(
        self, now: Callable[[], float], *, receives: int, visibility: float, retention: float
    ) -> None:
        self._now = now
        self._retention = retention
        self._receives = receives
        self._visibility = visibility
        self._ids = itertools.count(1)
        # When messages become visible, soonest first; an entry that no longer holds is skipped.
        self._schedule: list[tuple[float, int, Stored]] = []
        self._order = itertools.count()
        self.waiting: dict[str, Stored] = {}
        self.dead: dict[str, Stored] = {}
        self.expired: dict[str, Stored] = {}
        self.most_receives = 0

    def send(self, body: str) -> str:
        """Take a message; its id."""
        message_id = f"message-{next(self._ids)}"
        self.waiting[message_id] = Stored(message_id, body, self._now(), self._now())
        self._show_at(self.waiting[message_id], self._now())
        return message_id

    def receive(self, most: int) -> list[dict[str, Any]]:
        """Deliver what is visible, as records of a Lambda event."""
        records: list[dict[str, Any]] = []
        while len(records) < most and (moment := self.next_visible_at()) is not None:
            if moment > self._now():
                break
            stored = heapq.heappop(self._schedule)[2]
            if not self._is_moved(stored):
                records.append(self._deliver(stored))
        return records

    def delete(self, message_id: str) -> None:
        """What the poller does with a message that did not fail."""
        self.waiting.pop(message_id, None)

    def next_visible_at(self) -> float | None:
        """When the next message can be received; None if there is none."""
        while self._schedule:
            moment, _, stored = self._schedule[0]
            if stored.id in self.waiting and stored.visible_at == moment:
                return moment
            heapq.heappop(self._schedule)
        return None

    def change_message_visibility(
        self,
        QueueUrl: str,
        ReceiptHandle: str,
        VisibilityTimeout: int,
    ) -> None:
        """For this receive only: a handle of an earlier one does nothing."""
        del QueueUrl
        message_id, _, receive = ReceiptHandle.rpartition("/")
        stored = self.waiting.get(message_id)
        if stored is None or str(stored.receive_count) != receive:
            return
        visible_at = self._now() + VisibilityTimeout
        if visible_at - stored.received_at > LONGEST_VISIBILITY:
            raise AssertionError("SQS refuses a visibility of over 12 hours from the receive")
        self._show_at(stored, visible_at)

    def delete_message(
        self,
        QueueUrl: str,
        ReceiptHandle: str,
    ) -> None:
        """By the handle of the last receive, or of an earlier one."""
        del QueueUrl
        self.delete(ReceiptHandle.rpartition("/")[0])

    def send_message_batch(
        self,
        QueueUrl: str,
        Entries: Sequence[dict[str, Any]],
    ) -> dict[str, Any]:
        """Take up to ten messages."""
        del QueueUrl
        sent = [{"Id": one["Id"], "MessageId": self.send(one["MessageBody"])} for one in Entries]
        return {"Successful": sent}

    def _show_at(self, stored: Stored, moment: float) -> None:
        stored.visible_at = moment
        heapq.heappush(self._schedule, (moment, next(self._order), stored))

    def _is_moved(self, stored: Stored) -> bool:
        """SQS moves a message when its receive count would exceed maxReceiveCount.

        One that is older than the queue's retention is not there any more.
        """
        if self._now() - stored.sent_at > self._retention:
            self.expired[stored.id] = self.waiting.pop(stored.id)
            return True
        if stored.receive_count < self._receives:
            return False
        self.dead[stored.id] = self.waiting.pop(stored.id)
        return True

    def _deliver(self, stored: Stored) -> dict[str, Any]:
        now = self._now()
        stored.receive_count += 1
        stored.received_at = now
        self._show_at(stored, now + self._visibility)
        stored.log.append(now)
        self.most_receives = max(self.most_receives, stored.receive_count)
        return record(stored)


def record(stored: Received) -> dict[str, Any]:
    """A message as Lambda shows it to the function."""
    return {
        "messageId": stored.id,
        "receiptHandle": f"{stored.id}/{stored.receive_count}",
        "body": stored.body,
        "attributes": {
            "ApproximateReceiveCount": str(stored.receive_count),
            "SentTimestamp": str(int(stored.sent_at * 1000)),
        },
    }
