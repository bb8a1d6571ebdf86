"""invites.batch: what becomes of a message."""

import json
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Barrier

import pytest

from invites.disposition import Disposition, Fate
from invites.errors import Code
from invites.invite import Invite, InviteRules
from invites.outcome import Outcome, Verdict
from support.build import cloud_event, message, processor, signup
from support.fakes import INVITED, FakeSender, MemoryLedger

WIDTH = 100
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", 422)
DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", 503)


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    """Threads, as many as the largest batch has messages."""
    with ThreadPoolExecutor(WIDTH) as threads:
        yield threads


def test_an_empty_batch(executor: Executor) -> None:
    """No message, no result."""
    assert processor(FakeSender(), MemoryLedger(), executor).process([]) == []


def test_one_person(executor: Executor) -> None:
    """A signup is sent once and its message deleted; the ledger has nothing to remember."""
    sender, ledger = FakeSender(), MemoryLedger()
    (result,) = processor(sender, ledger, executor).process([message(signup())])
    assert sender.sent == ["person1@example.test"]
    assert (result.event_id, result.outcomes) == ("evt-1", (INVITED,))
    assert result.disposition == Disposition(Fate.DELETE)
    assert ledger.rows == {}


def test_a_bad_message_fails_only_itself(executor: Executor) -> None:
    """Those beside it are invited, and the ledger knows why it failed."""
    sender, ledger = FakeSender(), MemoryLedger()
    batch = [message(signup(1), 1), message("prose", 2), message(signup(3), 3)]
    results = processor(sender, ledger, executor).process(batch)
    fates = [one.disposition.fate for one in results]
    assert fates == [Fate.DELETE, Fate.STOP, Fate.DELETE]
    assert sorted(sender.sent) == ["person1@example.test", "person3@example.test"]
    rejected = Outcome(Verdict.STOP, Code.MALFORMED_BODY, "body is not JSON")
    assert ledger.rows == {"message-2": rejected}


def test_an_error_of_the_sender(executor: Executor) -> None:
    """A fault of our own fails only its message, which comes again; its text is not told."""

    def fail(invite: Invite) -> Outcome:
        if invite.email.startswith("person2"):
            raise ValueError(f"cannot invite {invite.email}")
        return INVITED

    batch = [message(signup(number), number) for number in (1, 2, 3)]
    ledger = MemoryLedger()
    results = processor(FakeSender(fail), ledger, executor).process(batch)
    fates = [one.disposition.fate for one in results]
    assert fates == [Fate.DELETE, Fate.RETRY, Fate.DELETE]
    (outcome,) = results[1].outcomes
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.INTERNAL_ERROR)
    assert outcome.detail.startswith("ValueError at test_batch.py:")
    assert "person2" not in repr(results[1].outcomes) + repr(ledger.rows)


@pytest.mark.parametrize("outcome", [REFUSED, DOWN])
def test_the_ledger_remembers_the_last_reason(outcome: Outcome, executor: Executor) -> None:
    """What the API said of a failed message is in the ledger."""
    ledger = MemoryLedger()
    processor(FakeSender(lambda _: outcome), ledger, executor).process([message(signup())])
    assert ledger.rows == {"message-1": outcome}


def test_side_by_side(executor: Executor) -> None:
    """All calls of the largest batch overlap: each waits until the last one has begun."""
    barrier = Barrier(WIDTH, timeout=30)

    def meet(_: Invite) -> Outcome:
        barrier.wait()
        return INVITED

    batch = [message(signup(number), number) for number in range(WIDTH)]
    results = processor(FakeSender(meet), MemoryLedger(), executor).process(batch)
    assert [one.outcomes for one in results] == [(INVITED,)] * WIDTH


def test_the_order_of_the_results(executor: Executor) -> None:
    """Each result is its own message's, in the order of the batch, whoever is ready first."""

    def answer(invite: Invite) -> Outcome:
        return REFUSED if int(invite.email[6:].partition("@")[0]) % 3 else INVITED

    bodies = [f"prose {n}" if n % 5 == 0 else json.dumps(signup(n)) for n in range(WIDTH)]
    batch = [message(body, number) for number, body in enumerate(bodies)]
    results = processor(FakeSender(answer), MemoryLedger(), executor).process(batch)
    assert [one.message for one in results] == batch
    for number, result in enumerate(results):
        rejected = number % 5 == 0
        assert result.event_id == (None if rejected else f"evt-{number}")
        fate = Fate.STOP if rejected or number % 3 else Fate.DELETE
        assert result.disposition.fate is fate


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (cloud_event({}, "uk.spacemedia.signup.updated"), Code.NOT_A_SIGNUP),
        (cloud_event({"email": "ada@elsewhere.test"}), Code.DOMAIN_NOT_ALLOWED),
    ],
)
def test_ignored(body: object, code: Code, executor: Executor) -> None:
    """What is ignored on purpose is neither sent nor kept, and says why."""
    sender, ledger = FakeSender(), MemoryLedger()
    rules = InviteRules(("Artist",), frozenset({"example.test"}))
    (result,) = processor(sender, ledger, executor, rules).process([message(body)])
    (outcome,) = result.outcomes
    assert (outcome.verdict, outcome.code) == (Verdict.IGNORED, code)
    assert result.disposition.fate is Fate.DELETE
    assert (sender.sent, ledger.rows, result.event_id) == ([], {}, "evt-1")


def test_the_largest_body(executor: Executor) -> None:
    """A message as large as SQS takes is read like any other."""
    body = json.dumps(cloud_event({"email": "ada@example.test", "name": ""}))
    large = body.replace('""', f'"{"x" * (1024 * 1024 - len(body))}"')
    assert len(large) == 1024 * 1024
    sender = FakeSender()
    (result,) = processor(sender, MemoryLedger(), executor).process([message(large)])
    assert (sender.sent, result.message.body) == (["ada@example.test"], large)
