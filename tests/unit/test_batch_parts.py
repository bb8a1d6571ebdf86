"""invites.batch: a message about many people."""

import json
from collections.abc import Callable
from dataclasses import replace

from invites.errors import Code, QueueError
from invites.message import Message
from invites.outcome import Outcome, Verdict
from invites.reading.splitting import SplitEvents
from invites.retry import Disposition, Fate
from support.build import (
    BOUNDS,
    DEADLINE,
    InlineExecutor,
    VirtualClock,
    message,
    processor,
    signup,
)
from support.fakes import INVITED, FakeQueue, FakeSender, MemoryLedger


def test_many_people() -> None:
    """A list is sent again as one message for each, then deleted; nobody is called for it."""
    sender, queue = FakeSender(), FakeQueue()
    events = [signup(number) for number in range(3)]
    parts = processor(sender, MemoryLedger(), InlineExecutor(), queue=queue)
    many, one = parts.process([message(events), message(signup(7), 7)], DEADLINE).jobs
    assert many.outcome == Outcome(Verdict.SPLIT, detail="into 3 messages")
    assert many.disposition == Disposition(Fate.DELETE)
    assert list(queue.sent) == ["message-1"]
    assert [json.loads(body) for body in queue.sent["message-1"]] == events
    assert (sender.sent, one.outcome) == (["person7@example.test"], INVITED)


def test_a_queue_that_takes_none() -> None:
    """If not all parts could be sent, the whole comes again; those beside it are invited."""
    error = QueueError("the parts were not all sent: Throttled")
    ledger = MemoryLedger()
    parts = processor(FakeSender(), ledger, InlineExecutor(), queue=FakeQueue(error))
    many, one = parts.process([message([signup(1)]), message(signup(7), 7)], DEADLINE).jobs
    expected = Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))
    assert (many.outcome, ledger.rows) == (expected, {"message-1": expected})
    assert many.disposition == Disposition(Fate.RETRY, 15)
    assert one.outcome == INVITED


def test_a_queue_that_never_takes_them() -> None:
    """At its last receive such a message is stopped whole, and says why."""
    queue = FakeQueue(QueueError("no"))
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (many,) = parts.process([message([signup(1)], receives=20)], DEADLINE).jobs
    assert (many.outcome.verdict, many.outcome.cause) == (Verdict.STOP, Code.QUEUE_UNAVAILABLE)
    assert many.disposition.fate is Fate.STOP


def test_a_split_is_told_when_the_time_is_over() -> None:
    """Before anything else would not be done in time: the function is not ended in its midst."""
    queue, clock = FakeQueue(), VirtualClock()
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue, clock=clock)
    parts.process([message([signup(1)])], DEADLINE)
    clock.time = DEADLINE - BOUNDS.settle_seconds - BOUNDS.send_seconds
    assert not queue.is_late()
    clock.time += 1
    assert queue.is_late()


def test_a_part_is_read_as_one() -> None:
    """So it is refused if it is a list again, and nothing is sent for it."""
    queue, whole = FakeQueue(), message([signup(1), signup(2)])
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (result,) = parts.process([replace(whole, is_part=True)], DEADLINE).jobs
    assert (result.outcome.verdict, result.outcome.code) == (Verdict.STOP, Code.MALFORMED_BODY)
    assert result.outcome.detail == "body is a list within a list"
    assert queue.sent == {}


def test_a_list_that_is_refused() -> None:
    """What cannot be split is stopped like any message that cannot be read."""
    queue = FakeQueue()
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (many,) = parts.process([message([])], DEADLINE).jobs
    assert (many.outcome.verdict, many.outcome.code) == (Verdict.STOP, Code.MALFORMED_BODY)
    assert queue.sent == {}


class SlowQueue(FakeQueue):
    """A queue that takes its time for each list."""

    def __init__(self, clock: VirtualClock, seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds

    def split(self, message: Message, parts: SplitEvents, is_late: Callable[[], bool]) -> None:
        """Take the parts, after a while."""
        self._clock.time += self._seconds
        super().split(message, parts, is_late)


def test_lists_that_take_long_hold_up_no_person_of_the_batch() -> None:
    """People are sent for before lists are split."""
    clock, sender = VirtualClock(), FakeSender()
    parts = processor(
        sender, MemoryLedger(), InlineExecutor(), queue=SlowQueue(clock, 90.0), clock=clock
    )
    batch = parts.process([message([signup(1)], 1), message(signup(7), 7)], DEADLINE)
    assert [one.outcome.verdict for one in batch.jobs] == [Verdict.SPLIT, Verdict.INVITED]
    assert sender.sent == ["person7@example.test"]


def test_lists_are_split_for_as_long_as_a_send_fits() -> None:
    """A list for which no time is left comes again; it is not split in part."""
    clock = VirtualClock()
    queue = SlowQueue(clock, 61.0)
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue, clock=clock)
    batch = parts.process([message([signup(n)], n) for n in range(4)], DEADLINE)
    # 150 s are left, of which 20 are for what comes after, and 10 for the send.
    assert [one.outcome.code for one in batch.jobs] == [None, None, *[Code.OUT_OF_TIME] * 2]
    assert list(queue.sent) == ["message-0", "message-1"]
