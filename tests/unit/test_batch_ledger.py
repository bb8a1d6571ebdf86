"""invites.batch: what the ledger knows of earlier receives, and a ledger that is down."""

from dataclasses import replace

import pytest

from invites.errors import Code
from invites.job import Job
from invites.message import ReplayMark
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
    """Process a batch of signups that were received so often."""
    batch = [message(body or signup(n), n, count) for n, count in enumerate(receives, 1)]
    return processor(sender, ledger, InlineExecutor()).process(batch, DEADLINE).jobs


def down(*, is_readable: bool = False, is_writable: bool = False) -> MemoryLedger:
    """A ledger that is down."""
    return MemoryLedger(is_readable=is_readable, is_writable=is_writable)


def test_a_stopped_message_is_not_sent_again() -> None:
    sender, ledger = FakeSender(), MemoryLedger({"message-1": STOPPED}, is_writable=False)
    stopped, other = process(sender, ledger, 2, 2)
    assert sender.sent == ["person2@example.test"]
    assert (stopped.outcome, stopped.disposition) == (STOPPED, Disposition(Fate.STOP))
    assert (other.outcome, other.disposition.fate) == (INVITED, Fate.DELETE)


def test_a_message_that_was_retried_is_sent_again() -> None:
    sender = FakeSender()
    (job,) = process(sender, MemoryLedger({"message-1": RETRIED}), 2)
    assert sender.sent == ["person1@example.test"]
    assert job.disposition.fate is Fate.DELETE


def test_a_first_receive_needs_no_ledger() -> None:
    sender = FakeSender()
    (job,) = process(sender, down(), 1)
    assert (sender.sent, job.outcome) == (["person1@example.test"], INVITED)


def test_a_later_receive_waits_until_the_ledger_can_be_read() -> None:
    """The message may have been stopped."""
    sender = FakeSender()
    held, new = process(sender, down(), 2, 1)
    assert sender.sent == ["person2@example.test"]
    detail = "the ledger cannot be read: Down"
    assert held.outcome == Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, detail)
    assert (held.disposition.fate, new.disposition.fate) == (Fate.RETRY, Fate.DELETE)
    assert held.disposition.wait == 30


def test_without_the_ledger_not_even_a_malformed_message_is_judged() -> None:
    (held,) = process(FakeSender(), down(), 2, body="prose")
    assert held.outcome.code is Code.LEDGER_UNAVAILABLE


@pytest.mark.parametrize("body", ["prose", signup()])
def test_a_message_is_stopped_only_if_its_reason_is_kept(body: object) -> None:
    sender = FakeSender(lambda _: STOPPED)
    (job,) = process(sender, down(is_readable=True), 1, body=body)
    assert (job.outcome.verdict, job.outcome.code) == (
        Verdict.RETRY,
        Code.LEDGER_UNAVAILABLE,
    )
    assert job.disposition == Disposition(Fate.RETRY, 15)


def test_a_last_receive_is_a_stop_only_if_its_reason_is_kept() -> None:
    (job,) = process(FakeSender(lambda _: RETRIED), down(is_readable=True), 20)
    assert job.outcome.code is Code.LEDGER_UNAVAILABLE
    assert job.disposition.fate is Fate.RETRY


@pytest.mark.parametrize("outcome", [RETRIED, PAUSED])
def test_a_retry_whose_reason_cannot_be_kept_is_a_retry_that_says_so(outcome: Outcome) -> None:
    (job,) = process(FakeSender(lambda _: outcome), down(), 1)
    detail = f"{outcome.detail} (the ledger cannot be written: Down)"
    assert job.outcome == replace(outcome, detail=detail)
    assert job.disposition.fate is Fate.RETRY


def test_a_stop_that_cannot_be_read_is_not_overwritten() -> None:
    sender, ledger = FakeSender(), MemoryLedger({"message-1": STOPPED}, is_readable=False)
    (held,) = process(sender, ledger, 2)
    ledger.is_readable = True
    (stopped,) = process(sender, ledger, 3)
    assert (held.outcome.code, stopped.outcome) == (Code.LEDGER_UNAVAILABLE, STOPPED)
    assert (sender.sent, ledger.rows) == ([], {"message-1": STOPPED})


def test_a_ledger_that_is_down_drops_no_replayed_message() -> None:
    """Whether this copy counts is unknown, so the message comes again."""
    replayed = replace(message(signup()), replay=ReplayMark("letter-1", "token-1", 2))
    parts = processor(FakeSender(), down(is_readable=True), InlineExecutor())
    (job,) = parts.process([replayed], DEADLINE).jobs
    assert job.outcome.code is Code.LEDGER_UNAVAILABLE
