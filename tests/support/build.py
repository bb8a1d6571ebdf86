"""Builders for tests: events in their envelopes, messages, and the parts that process them."""

import base64
import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar

from invites.batch import BatchProcessor, MessageQueue, ReasonStore
from invites.clock import BatchLimits, Clock
from invites.message import Message
from invites.reading.canonical import CREATED
from invites.reading.reader import MessageReader, load_reader
from invites.retry import RetryLimit
from invites.rules.admission import Admission, AllowDenyList
from invites.sending.dispatcher import Dispatcher, InviteSender
from invites.sending.rate_limit import RateLimiter, RateLimitState, Slots, lower_rate, take_slots
from support.fakes import FakeQueue

T = TypeVar("T")

READER = load_reader(("Artist",))
# A staging stack's reader: it invites nobody outside example.test.
STAGING = load_reader(("Artist",), Admission(domains=AllowDenyList(frozenset({"example.test"}))))
# The time at which messages were sent, and the time at which they are received.
SENT_AT, NOW = 1_772_442_900.5, 1_772_443_000.0
# The batch's deadline; no call begins after LATEST.
DEADLINE, LATEST = NOW + 150, NOW + 70
LIMITS = BatchLimits(max_parallel=100, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0)
RETRY_LIMIT = RetryLimit(receives=20, seconds=6 * 24 * 3600)


class VirtualClock:
    """A clock on which time passes only where somebody sleeps, or a test moves it."""

    def __init__(self, time: float = NOW) -> None:
        self.time = time
        self.slept: list[float] = []

    def now(self) -> float:
        """The time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.time += seconds


class InlineExecutor(Executor):
    """Runs each task when it is submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401 - as Executor's
        """Run it now."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class MemoryRateLimiter:
    """A rate limit in memory.

    Args:
        per_minute: The limit; 0 for none.
        random_fraction: Where in their range the returns are spread: 0 is the earliest.
    """

    def __init__(
        self, per_minute: int = 0, random_fraction: Callable[[], float] = lambda: 0.5
    ) -> None:
        self._per_minute = per_minute
        self._random_fraction = random_fraction
        self.state = RateLimitState()

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Slots, as `take_slots` gives them out."""
        rate = lower_rate(self._per_minute, per_minute)
        if not rate:
            return Slots([now] * count, [], grace=math.inf)
        return self._take(count, now, latest, 60 / rate)

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Places in the line, as `take_slots` gives them out."""
        return self._take(count, now, now - 60, 60 / per_minute).returns

    def _take(self, count: int, now: float, latest: float, interval: float) -> Slots:
        fraction = self._random_fraction()
        slots, self.state = take_slots(
            self.state, count, now, latest, interval, random_fraction=fraction
        )
        return slots


def cloud_event(data: object, kind: str = CREATED, event_id: str = "evt-1") -> dict[str, Any]:
    """A CloudEvent, its data as an object."""
    head = {"specversion": "1.0", "type": kind, "source": "/test", "id": event_id}
    return {**head, "data": data}


def cloud_event_base64(data: bytes, kind: str = CREATED) -> dict[str, Any]:
    """A CloudEvent, its data in base64."""
    event = cloud_event(None, kind)
    del event["data"]
    return {**event, "data_base64": base64.b64encode(data).decode()}


def sns(inner: object) -> dict[str, Any]:
    """The envelope of an SNS notification."""
    topic = "arn:aws:sns:eu-west-2:123456789012:signups"
    head = {"Type": "Notification", "MessageId": "sns-1", "TopicArn": topic}
    return {**head, "Message": json.dumps(inner)}


def eventbridge(inner: object, kind: str = "com.example.forwarded") -> dict[str, Any]:
    """The envelope of an EventBridge event."""
    return {"id": "eb-1", "detail-type": kind, "source": "com.example", "detail": inner}


def signup(number: int = 1) -> dict[str, Any]:
    """The canonical event of the person with this number."""
    return cloud_event({"email": f"person{number}@example.test"}, event_id=f"evt-{number}")


def message(body: object, number: int = 1, receives: int = 1, sent_at: float = SENT_AT) -> Message:
    """A message; a body that is not text is written as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Message(f"message-{number}", f"receipt-{number}", text, receives, sent_at)


def record(body: object, number: int = 1, receives: int = 1) -> dict[str, Any]:
    """A record as Lambda hands it over."""
    received = message(body, number, receives)
    sent, count = str(int(received.sent_at * 1000)), str(receives)
    return {
        "messageId": received.id,
        "receiptHandle": received.receipt_handle,
        "body": received.body,
        "attributes": {"ApproximateReceiveCount": count, "SentTimestamp": sent},
        "eventSource": "aws:sqs",
    }


def processor(  # noqa: PLR0913 - a test replaces the part that it tests
    sender: InviteSender,
    ledger: ReasonStore,
    executor: Executor,
    reader: MessageReader = READER,
    *,
    queue: MessageQueue | None = None,
    rate_limiter: RateLimiter | None = None,
    clock: VirtualClock | None = None,
    random_fraction: Callable[[], float] = lambda: 1.0,
) -> BatchProcessor:
    """The real processor; its waits have no jitter unless a test says so."""
    virtual = clock or VirtualClock()
    limiter = rate_limiter or MemoryRateLimiter()
    time = Clock(virtual.now, virtual.sleep, wait)
    dispatcher = Dispatcher(sender, executor, limiter, time, LIMITS)
    return BatchProcessor(
        reader,
        dispatcher,
        ledger,
        queue or FakeQueue(),
        executor=executor,
        retry_limit=RETRY_LIMIT,
        random_fraction=random_fraction,
    )
