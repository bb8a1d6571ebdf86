"""invites.batch: messages without a trace, one of which may be a poison message."""

import random
from collections.abc import Sequence

import pytest

from invites.batch import Batch
from invites.errors import Code, LedgerError
from invites.message import Message
from invites.outcome import Outcome, Reply, Verdict
from invites.reading.reader import MessageReader, ParsedMessage
from invites.retry import Fate
from support.build import DEADLINE, LATEST, READER, InlineExecutor, message, processor, signup
from support.fakes import FakeQueue, FakeSender, MemoryLedger

RETRIED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
POISON = "poison"


class Killed(BaseException):
    """The environment is gone: no code of the function can catch this."""


class MortalReader(MessageReader):
    """A reader that dies of the poison message; it keeps the bodies that it has read before."""

    def __init__(self) -> None:
        super().__init__(READER.registry, READER.rules)
        self.read_bodies: list[str] = []

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """Read it, or die of it."""
        if body == POISON:
            raise Killed
        self.read_bodies.append(body)
        return super().read(body, is_part=is_part)


class Invocation:
    """One invocation, with all that it did."""

    def __init__(self, ledger: MemoryLedger | None = None, fractions: Sequence[float] = ()) -> None:
        self.queue = FakeQueue()
        self.sender = FakeSender()
        self.ledger = ledger or MemoryLedger()
        self.reader = MortalReader()
        self.order: list[str] = []
        executor = InlineExecutor()
        left = list(fractions)
        self._processor = processor(
            self.sender,
            self.ledger,
            executor,
            self.reader,
            queue=self.queue,
            draw=lambda: left.pop(0) if left else 1.0,
        )

    def process(self, *messages: Message, deadline: float = DEADLINE) -> Batch:
        """Process a batch."""
        return self._processor.process(messages, deadline)


def test_a_message_without_a_trace_is_read_after_all_others_are_deleted() -> None:
    invocation = Invocation(MemoryLedger({"message-2": RETRIED}))
    with pytest.raises(Killed):
        invocation.process(
            message(POISON, 1, receives=2), message(signup(2), 2, receives=2), message(signup(3), 3)
        )
    assert invocation.sender.sent == ["person2@example.test", "person3@example.test"]
    assert invocation.queue.deleted == ["message-2", "message-3"]


def test_messages_without_a_trace_are_deleted_one_by_one_before_the_poison_message() -> None:
    invocation = Invocation(fractions=[0.1, 0.9, 0.5, 0.2])
    batch = [message(signup(n), n, receives=2) for n in (1, 2, 4)]
    with pytest.raises(Killed):
        invocation.process(batch[0], message(POISON, 9, receives=2), *batch[1:])
    # In the order of the random fractions: 0.1, 0.2, 0.5, and the poison message with 0.9.
    assert invocation.queue.deleted == ["message-1", "message-4", "message-2"]


def test_messages_without_a_trace_are_shuffled_at_each_receive() -> None:
    draw = random.Random(3)  # noqa: S311 - the same orders each time
    first = set()
    for _ in range(100):
        invocation = Invocation(fractions=[draw.random() for _ in range(10)])
        invocation.process(*[message(signup(n), n, receives=2) for n in range(10)])
        first.add(invocation.sender.sent[0])
    assert len(first) == 10


def test_a_message_that_fails_leaves_a_trace_before_the_next_is_read() -> None:
    invocation = Invocation(fractions=[0.1, 0.2])
    with pytest.raises(Killed):
        invocation.process(message("prose", 1, receives=2), message(POISON, 2, receives=2))
    assert invocation.queue.hidden == ["message-1"]
    assert invocation.ledger.rows["message-1"].code is Code.MALFORMED_BODY


def test_a_batch_with_traces_is_deleted_by_its_answer_alone() -> None:
    invocation = Invocation(MemoryLedger({"message-2": RETRIED}))
    batch = invocation.process(message(signup(1), 1), message(signup(2), 2, receives=2))
    assert [job.disposition.fate for job in batch.jobs] == [Fate.DELETE] * 2
    assert invocation.queue.deleted == []


def test_a_message_without_a_trace_is_not_read_late_and_leaves_none() -> None:
    invocation = Invocation()
    batch = invocation.process(message(POISON, 1, receives=2), deadline=LATEST)
    (job,) = batch.jobs
    assert (job.outcome.code, job.disposition.fate) == (Code.OUT_OF_TIME, Fate.RETRY)
    assert invocation.ledger.rows == {}


def test_at_its_last_receive_an_unread_message_has_its_reason_written() -> None:
    invocation = Invocation()
    invocation.process(message(POISON, 1, receives=20), deadline=LATEST)
    assert invocation.ledger.rows["message-1"].code is Code.RETRIES_EXHAUSTED


def test_without_the_ledger_a_later_receive_stays_unread_and_leaves_no_trace() -> None:
    invocation = Invocation(MemoryLedger(is_readable=False))
    (job,) = invocation.process(message(POISON, 1, receives=2)).jobs
    assert job.outcome.code is Code.LEDGER_UNAVAILABLE
    assert invocation.ledger.rows == {}
    with pytest.raises(LedgerError):
        invocation.ledger.recall([])
