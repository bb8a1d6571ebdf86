"""invites.batch: what the ledger knows from the receives before, and when it is down."""

from dataclasses import replace

import pytest

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Reply, Verdict
from invites.retry import Disposition, Fate
from support.build import DEADLINE, InlineExecutor, message, processor, signup
from support.fakes import INVITED, FakeSender, MemoryLedger

STOPPED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", reply=Reply(422))
RETRIED = Outcome(Verdict.RETRY, Code.THROTTLED, "the API is throttling", reply=Reply(429))
PAUSED = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))


def process(
    sender: FakeSender, ledger: MemoryLedger, *receives: int, body: object = None
) -> list[Job]:
    """Process a batch of signups that have been received so often."""
    batch = [message(body or signup(n), n, count) for n, count in enumerate(receives, 1)]
    return processor(sender, ledger, InlineExecutor()).process(batch, DEADLINE).jobs


def down(*, is_readable: bool = False, is_writable: bool = False) -> MemoryLedger:
    """A ledger that is down."""
    return MemoryLedger(is_readable=is_readable, is_writable=is_writable)


def test_a_stop_holds() -> None:
    """A message that was stopped is not sent again on its way to the dead-letter queue."""
    sender, ledger = FakeSender(), MemoryLedger({"message-1": STOPPED}, is_writable=False)
    stopped, other = process(sender, ledger, 2, 2)
    assert sender.sent == ["person2@example.test"]
    assert (stopped.outcome, stopped.disposition) == (STOPPED, Disposition(Fate.STOP))
    assert (other.outcome, other.disposition.fate) == (INVITED, Fate.DELETE)


def test_a_retry_does_not() -> None:
    """A message that failed for a while is sent again."""
    sender = FakeSender()
    (result,) = process(sender, MemoryLedger({"message-1": RETRIED}), 2)
    assert sender.sent == ["person1@example.test"]
    assert result.disposition.fate is Fate.DELETE


def test_a_first_receive_needs_no_ledger() -> None:
    """While the ledger is down, new signups are invited."""
    sender = FakeSender()
    (result,) = process(sender, down(), 1)
    assert (sender.sent, result.outcome) == (["person1@example.test"], INVITED)


def test_a_later_receive_without_the_ledger() -> None:
    """What may have been stopped is not sent, and waits until the ledger can be read."""
    sender = FakeSender()
    held, new = process(sender, down(), 2, 1)
    assert sender.sent == ["person2@example.test"]
    detail = "the ledger cannot be read: Down"
    assert held.outcome == Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, detail)
    assert (held.disposition.fate, new.disposition.fate) == (Fate.RETRY, Fate.DELETE)
    assert held.disposition.wait == 30


def test_nor_is_it_read() -> None:
    """A message that would be refused without the API is no exception."""
    (held,) = process(FakeSender(), down(), 2, body="prose")
    assert held.outcome.code is Code.LEDGER_UNAVAILABLE


@pytest.mark.parametrize("body", ["prose", signup()])
def test_a_stop_that_cannot_be_written(body: object) -> None:
    """A message is stopped only if its reason is kept: else it comes again."""
    sender = FakeSender(lambda _: STOPPED)
    (result,) = process(sender, down(is_readable=True), 1, body=body)
    assert (result.outcome.verdict, result.outcome.code) == (
        Verdict.RETRY,
        Code.LEDGER_UNAVAILABLE,
    )
    assert result.disposition == Disposition(Fate.RETRY, 15)


def test_a_last_try_that_cannot_be_written() -> None:
    """Nor is a message stopped for its last try unless that can be told."""
    (result,) = process(FakeSender(lambda _: RETRIED), down(is_readable=True), 20)
    assert result.outcome.code is Code.LEDGER_UNAVAILABLE
    assert result.disposition.fate is Fate.RETRY


@pytest.mark.parametrize("outcome", [RETRIED, PAUSED])
def test_a_retry_that_cannot_be_written(outcome: Outcome) -> None:
    """The reason of a message that comes again anyway is the API's, and the log says the rest."""
    (result,) = process(FakeSender(lambda _: outcome), down(), 1)
    detail = f"{outcome.detail} (the ledger cannot be written: Down)"
    assert result.outcome == replace(outcome, detail=detail)
    assert result.disposition.fate is Fate.RETRY


def test_a_stop_that_cannot_be_read() -> None:
    """It is not written over by the reason for which the message waits, and holds."""
    sender, ledger = FakeSender(), MemoryLedger({"message-1": STOPPED}, is_readable=False)
    (held,) = process(sender, ledger, 2)
    ledger.is_readable = True
    (stopped,) = process(sender, ledger, 3)
    assert (held.outcome.code, stopped.outcome) == (Code.LEDGER_UNAVAILABLE, STOPPED)
    assert (sender.sent, ledger.rows) == ([], {"message-1": STOPPED})
