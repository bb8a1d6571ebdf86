"""invites.batch: what the ledger knows from the receives before, and when it is down."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from invites.disposition import Fate
from invites.errors import Code
from invites.outcome import Outcome, Verdict
from support.build import message, processor, signup
from support.fakes import INVITED, FakeSender, MemoryLedger

STOPPED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", 422)
RETRIED = Outcome(Verdict.RETRY, Code.THROTTLED, "the API is throttling", 429)


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    """A few threads."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_a_stop_holds(executor: Executor) -> None:
    """A message that was stopped is not sent again on its way to the dead-letter queue."""
    sender, ledger = FakeSender(), MemoryLedger({"message-1": STOPPED})
    batch = [message(signup(1), 1, receives=2), message(signup(2), 2, receives=2)]
    stopped, other = processor(sender, ledger, executor).process(batch)
    assert sender.sent == ["person2@example.test"]
    assert (stopped.outcomes, stopped.disposition.fate) == ((STOPPED,), Fate.STOP)
    assert (other.outcomes, other.disposition.fate) == ((INVITED,), Fate.DELETE)
    assert (ledger.rows, ledger.written) == ({"message-1": STOPPED}, [])


def test_a_retry_does_not(executor: Executor) -> None:
    """A message that failed for a while is sent again."""
    sender, ledger = FakeSender(), MemoryLedger({"message-1": RETRIED})
    (result,) = processor(sender, ledger, executor).process([message(signup(), receives=2)])
    assert sender.sent == ["person1@example.test"]
    assert result.disposition.fate is Fate.DELETE


def test_a_first_receive_needs_no_ledger(executor: Executor) -> None:
    """While the ledger is down, new signups are invited."""
    sender = FakeSender()
    (result,) = processor(sender, MemoryLedger(is_down=True), executor).process([message(signup())])
    assert (sender.sent, result.outcomes) == (["person1@example.test"], (INVITED,))


def test_a_later_receive_without_the_ledger(executor: Executor) -> None:
    """What may have been stopped is not sent, and waits until the ledger can be read."""
    sender = FakeSender()
    batch = [message(signup(1), 1, receives=2), message(signup(2), 2)]
    held, new = processor(sender, MemoryLedger(is_down=True), executor).process(batch)
    assert sender.sent == ["person2@example.test"]
    detail = "the ledger cannot be read: Down"
    assert held.outcomes == (Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, detail),)
    assert (held.disposition.fate, new.disposition.fate) == (Fate.RETRY, Fate.DELETE)
    assert held.disposition.wait > 0


@pytest.mark.parametrize("body", ["prose", signup()])
def test_a_stop_that_cannot_be_written(body: object, executor: Executor) -> None:
    """A message is stopped only if its reason is kept: else it comes again."""
    sender = FakeSender(lambda _: STOPPED)
    (result,) = processor(sender, MemoryLedger(is_down=True), executor).process([message(body)])
    (outcome,) = result.outcomes
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.LEDGER_UNAVAILABLE)
    assert result.disposition.fate is Fate.RETRY


def test_a_retry_that_cannot_be_written(executor: Executor) -> None:
    """The reason of a message that comes again anyway is the API's, written or not."""
    sender = FakeSender(lambda _: RETRIED)
    (result,) = processor(sender, MemoryLedger(is_down=True), executor).process([message(signup())])
    assert (result.outcomes, result.disposition.fate) == ((RETRIED,), Fate.RETRY)
