"""invites.batch: lists, which are split."""

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


def test_a_list_is_sent_again_as_one_message_for_each_event_and_deleted() -> None:
    sender, queue = FakeSender(), FakeQueue()
    events = [signup(number) for number in range(3)]
    parts = processor(sender, MemoryLedger(), InlineExecutor(), queue=queue)
    split, person = parts.process([message(events), message(signup(7), 7)], DEADLINE).jobs
    assert split.outcome == Outcome(Verdict.SPLIT, detail="into 3 messages")
    assert split.disposition == Disposition(Fate.DELETE)
    assert list(queue.sent) == ["message-1"]
    assert [json.loads(body) for body in queue.sent["message-1"]] == events
    assert (sender.sent, person.outcome) == (["person7@example.test"], INVITED)


def test_a_list_comes_again_whole_if_not_all_its_events_were_sent() -> None:
    error = QueueError("the parts were not all sent: Throttled")
    ledger = MemoryLedger()
    parts = processor(FakeSender(), ledger, InlineExecutor(), queue=FakeQueue(error))
    split, person = parts.process([message([signup(1)]), message(signup(7), 7)], DEADLINE).jobs
    expected = Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))
    assert (split.outcome, ledger.rows) == (expected, {"message-1": expected})
    assert split.disposition == Disposition(Fate.RETRY, 15)
    assert person.outcome == INVITED


def test_a_list_that_is_never_sent_is_stopped_whole_with_its_cause() -> None:
    queue = FakeQueue(QueueError("no"))
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (split,) = parts.process([message([signup(1)], receives=20)], DEADLINE).jobs
    assert (split.outcome.verdict, split.outcome.cause) == (Verdict.STOP, Code.QUEUE_UNAVAILABLE)
    assert split.disposition.fate is Fate.STOP


def test_a_split_ends_while_a_send_and_what_follows_still_fit() -> None:
    queue, clock = FakeQueue(), VirtualClock()
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue, clock=clock)
    parts.process([message([signup(1)])], DEADLINE)
    clock.time = DEADLINE - BOUNDS.settle_seconds - BOUNDS.send_seconds
    assert not queue.is_late()
    clock.time += 1
    assert queue.is_late()


def test_a_list_within_a_list_is_refused() -> None:
    queue, whole = FakeQueue(), message([signup(1), signup(2)])
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (job,) = parts.process([replace(whole, is_part=True)], DEADLINE).jobs
    assert (job.outcome.verdict, job.outcome.code) == (Verdict.STOP, Code.MALFORMED_BODY)
    assert job.outcome.detail == "body is a list within a list"
    assert queue.sent == {}


def test_an_empty_list_is_malformed() -> None:
    queue = FakeQueue()
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue)
    (split,) = parts.process([message([])], DEADLINE).jobs
    assert (split.outcome.verdict, split.outcome.code) == (Verdict.STOP, Code.MALFORMED_BODY)
    assert queue.sent == {}


class SlowQueue(FakeQueue):
    """A queue that takes so many seconds for each list."""

    def __init__(self, clock: VirtualClock, seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds

    def split(self, message: Message, events: SplitEvents, is_late: Callable[[], bool]) -> None:
        """Take the events, after a while."""
        self._clock.time += self._seconds
        super().split(message, events, is_late)


def test_people_are_sent_before_lists_are_split() -> None:
    clock, sender = VirtualClock(), FakeSender()
    parts = processor(
        sender, MemoryLedger(), InlineExecutor(), queue=SlowQueue(clock, 90.0), clock=clock
    )
    batch = parts.process([message([signup(1)], 1), message(signup(7), 7)], DEADLINE)
    assert [job.outcome.verdict for job in batch.jobs] == [Verdict.SPLIT, Verdict.INVITED]
    assert sender.sent == ["person7@example.test"]


def test_a_list_for_which_no_time_is_left_comes_again_whole() -> None:
    clock = VirtualClock()
    queue = SlowQueue(clock, 61.0)
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), queue=queue, clock=clock)
    batch = parts.process([message([signup(n)], n) for n in range(4)], DEADLINE)
    # 150 s are left, of which 20 are for what comes after, and 10 for the send.
    assert [job.outcome.code for job in batch.jobs] == [None, None, *[Code.OUT_OF_TIME] * 2]
    assert list(queue.sent) == ["message-0", "message-1"]
