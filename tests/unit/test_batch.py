"""invites.batch: what becomes of a message."""

import json
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Barrier

import pytest

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from invites.reading.canonical import CREATED
from invites.retry import Disposition, Fate
from invites.signup import Origin
from support.build import (
    DEADLINE,
    NOW,
    STAGING,
    InlineExecutor,
    VirtualClock,
    cloud_event,
    message,
    processor,
    signup,
)
from support.fakes import INVITED, FakeSender, MemoryLedger

WIDTH = 100
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", reply=Reply(422))
DOWN = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
ORIGIN = Origin("evt-1", "/test", "canonical", CREATED, CREATED)


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    """Threads, as many as the largest batch has messages."""
    with ThreadPoolExecutor(WIDTH) as threads:
        yield threads


def test_an_empty_batch() -> None:
    """No message, no result."""
    assert (
        processor(FakeSender(), MemoryLedger(), InlineExecutor()).process([], DEADLINE).jobs == []
    )


def test_one_person() -> None:
    """A signup is sent once and its message deleted; the ledger has nothing to remember."""
    sender, ledger = FakeSender(), MemoryLedger()
    parts = processor(sender, ledger, InlineExecutor())
    (result,) = parts.process([message(signup())], DEADLINE).jobs
    assert (sender.sent, sender.untils) == (["person1@example.test"], [DEADLINE])
    assert (result.parsed.origin, result.outcome) == (ORIGIN, INVITED)
    assert result.disposition == Disposition(Fate.DELETE)
    assert ledger.rows == {}


def test_a_bad_message_fails_only_itself() -> None:
    """Those beside it are invited, and the ledger knows why it failed."""
    sender, ledger = FakeSender(), MemoryLedger()
    batch = [message(signup(1), 1), message("prose", 2), message(signup(3), 3)]
    results = processor(sender, ledger, InlineExecutor()).process(batch, DEADLINE).jobs
    fates = [one.disposition.fate for one in results]
    assert fates == [Fate.DELETE, Fate.STOP, Fate.DELETE]
    assert sender.sent == ["person1@example.test", "person3@example.test"]
    rejected = Outcome(Verdict.STOP, Code.MALFORMED_BODY, "body is not JSON")
    assert ledger.rows == {"message-2": rejected}


@pytest.mark.parametrize("outcome", [REFUSED, DOWN, Outcome(Verdict.PAUSE, Code.UNAVAILABLE)])
def test_the_ledger_remembers_the_last_reason(outcome: Outcome) -> None:
    """Why a message failed is in the ledger, and who announced it."""
    ledger = MemoryLedger()
    sender = FakeSender(lambda _: outcome)
    processor(sender, ledger, InlineExecutor()).process([message(signup())], DEADLINE)
    assert ledger.rows == {"message-1": outcome}
    assert ledger.origins == {"message-1": ORIGIN}


def test_side_by_side(executor: Executor) -> None:
    """All calls of the largest batch overlap: each waits until the last one has begun."""
    barrier = Barrier(WIDTH, timeout=30)

    def meet(_: Invite) -> Outcome:
        barrier.wait()
        return INVITED

    batch = [message(signup(number), number) for number in range(WIDTH)]
    results = processor(FakeSender(meet), MemoryLedger(), executor).process(batch, DEADLINE).jobs
    assert [one.outcome for one in results] == [INVITED] * WIDTH


def test_the_order_of_the_results(executor: Executor) -> None:
    """Each result is its own message's, in the order of the batch, whoever is ready first."""

    def answer(invite: Invite) -> Outcome:
        return DOWN if int(invite.email[6:].partition("@")[0]) % 3 else INVITED

    bodies = [f"prose {n}" if n % 5 == 0 else json.dumps(signup(n)) for n in range(WIDTH)]
    batch = [message(body, number) for number, body in enumerate(bodies)]
    results = processor(FakeSender(answer), MemoryLedger(), executor).process(batch, DEADLINE).jobs
    assert [one.message for one in results] == batch
    for number, result in enumerate(results):
        rejected = number % 5 == 0
        assert result.parsed.origin.event_id == (None if rejected else f"evt-{number}")
        failed = Fate.STOP if rejected else Fate.RETRY
        assert result.disposition.fate is (failed if rejected or number % 3 else Fate.DELETE)


def test_ignored() -> None:
    """What is ignored on purpose is neither sent nor kept."""
    sender, ledger = FakeSender(), MemoryLedger()
    batch = [message(cloud_event({"email": "ada@elsewhere.test"}))]
    (result,) = processor(sender, ledger, InlineExecutor(), STAGING).process(batch, DEADLINE).jobs
    assert result.outcome.verdict is Verdict.IGNORED
    assert result.disposition.fate is Fate.DELETE
    assert (sender.sent, ledger.rows) == ([], {})


def test_the_largest_body() -> None:
    """A message as large as SQS takes is read like any other."""
    body = json.dumps(cloud_event({"email": "ada@example.test", "name": ""}))
    large = body.replace('""', f'"{"x" * (1024 * 1024 - len(body))}"')
    assert len(large) == 1024 * 1024
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor())
    (result,) = parts.process([message(large)], DEADLINE).jobs
    assert (result.outcome, result.message.body) == (INVITED, large)


@pytest.mark.parametrize(
    ("receives", "age", "fate"),
    [
        (19, 0, Fate.RETRY),
        (20, 0, Fate.STOP),
        (1, 6 * 86_400 - 1, Fate.RETRY),
        (1, 6 * 86_400, Fate.STOP),
    ],
)
def test_the_last_try(receives: int, age: float, fate: Fate) -> None:
    """At its last receive, or too old, a message is stopped, and the ledger says of what."""
    clock, ledger = VirtualClock(), MemoryLedger()
    one = message(signup(), receives=receives, sent_at=NOW - age)
    parts = processor(FakeSender(lambda _: DOWN), ledger, InlineExecutor(), clock=clock)
    (result,) = parts.process([one], DEADLINE).jobs
    assert result.disposition.fate is fate
    code = Code.RETRIES_EXHAUSTED if fate is Fate.STOP else Code.SERVER_ERROR
    assert (ledger.rows["message-1"].code, result.outcome.code) == (code, code)
    assert ledger.rows["message-1"].cause is (Code.SERVER_ERROR if fate is Fate.STOP else None)
