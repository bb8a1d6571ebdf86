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


def test_an_empty_batch_has_no_jobs() -> None:
    assert (
        processor(FakeSender(), MemoryLedger(), InlineExecutor()).process([], DEADLINE).jobs == []
    )


def test_a_signup_is_sent_once_and_its_message_deleted() -> None:
    sender, ledger = FakeSender(), MemoryLedger()
    parts = processor(sender, ledger, InlineExecutor())
    (job,) = parts.process([message(signup())], DEADLINE).jobs
    assert (sender.sent, sender.deadlines) == (["person1@example.test"], [DEADLINE])
    assert (job.parsed.origin, job.outcome) == (ORIGIN, INVITED)
    assert job.disposition == Disposition(Fate.DELETE)
    assert ledger.rows == {}


def test_a_bad_message_fails_alone() -> None:
    sender, ledger = FakeSender(), MemoryLedger()
    batch = [message(signup(1), 1), message("prose", 2), message(signup(3), 3)]
    jobs = processor(sender, ledger, InlineExecutor()).process(batch, DEADLINE).jobs
    fates = [job.disposition.fate for job in jobs]
    assert fates == [Fate.DELETE, Fate.STOP, Fate.DELETE]
    assert sender.sent == ["person1@example.test", "person3@example.test"]
    rejected = Outcome(Verdict.STOP, Code.MALFORMED_BODY, "body is not JSON")
    assert ledger.rows == {"message-2": rejected}


@pytest.mark.parametrize("outcome", [REFUSED, DOWN, Outcome(Verdict.PAUSE, Code.UNAVAILABLE)])
def test_the_ledger_keeps_why_a_message_failed_and_who_announced_it(outcome: Outcome) -> None:
    ledger = MemoryLedger()
    sender = FakeSender(lambda _: outcome)
    processor(sender, ledger, InlineExecutor()).process([message(signup())], DEADLINE)
    assert ledger.rows == {"message-1": outcome}
    assert ledger.origins == {"message-1": ORIGIN}


def test_all_calls_of_the_largest_batch_overlap(executor: Executor) -> None:
    """Each call waits until the last one has begun."""
    barrier = Barrier(WIDTH, timeout=30)

    def meet(_: Invite) -> Outcome:
        barrier.wait()
        return INVITED

    batch = [message(signup(number), number) for number in range(WIDTH)]
    jobs = processor(FakeSender(meet), MemoryLedger(), executor).process(batch, DEADLINE).jobs
    assert [job.outcome for job in jobs] == [INVITED] * WIDTH


def test_each_job_is_its_own_message_s_in_the_order_of_the_batch(executor: Executor) -> None:

    def answer(invite: Invite) -> Outcome:
        return DOWN if int(invite.email[6:].partition("@")[0]) % 3 else INVITED

    bodies = [f"prose {n}" if n % 5 == 0 else json.dumps(signup(n)) for n in range(WIDTH)]
    batch = [message(body, number) for number, body in enumerate(bodies)]
    jobs = processor(FakeSender(answer), MemoryLedger(), executor).process(batch, DEADLINE).jobs
    assert [job.message for job in jobs] == batch
    for number, job in enumerate(jobs):
        rejected = number % 5 == 0
        assert job.parsed.origin.event_id == (None if rejected else f"evt-{number}")
        failed = Fate.STOP if rejected else Fate.RETRY
        assert job.disposition.fate is (failed if rejected or number % 3 else Fate.DELETE)


def test_an_ignored_message_is_deleted_and_leaves_no_reason() -> None:
    sender, ledger = FakeSender(), MemoryLedger()
    batch = [message(cloud_event({"email": "ada@elsewhere.test"}))]
    (job,) = processor(sender, ledger, InlineExecutor(), STAGING).process(batch, DEADLINE).jobs
    assert job.outcome.verdict is Verdict.IGNORED
    assert job.disposition.fate is Fate.DELETE
    assert (sender.sent, ledger.rows) == ([], {})


def test_a_body_as_large_as_sqs_takes_is_read_like_any_other() -> None:
    body = json.dumps(cloud_event({"email": "ada@example.test", "name": ""}))
    large = body.replace('""', f'"{"x" * (1024 * 1024 - len(body))}"')
    assert len(large) == 1024 * 1024
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor())
    (job,) = parts.process([message(large)], DEADLINE).jobs
    assert (job.outcome, job.message.body) == (INVITED, large)


@pytest.mark.parametrize(
    ("receives", "age", "fate"),
    [
        (19, 0, Fate.RETRY),
        (20, 0, Fate.STOP),
        (1, 6 * 86_400 - 1, Fate.RETRY),
        (1, 6 * 86_400, Fate.STOP),
    ],
)
def test_at_its_last_receive_or_too_old_a_message_is_stopped_and_its_cause_kept(
    receives: int, age: float, fate: Fate
) -> None:
    clock, ledger = VirtualClock(), MemoryLedger()
    received = message(signup(), receives=receives, sent_at=NOW - age)
    parts = processor(FakeSender(lambda _: DOWN), ledger, InlineExecutor(), clock=clock)
    (job,) = parts.process([received], DEADLINE).jobs
    assert job.disposition.fate is fate
    code = Code.RETRIES_EXHAUSTED if fate is Fate.STOP else Code.SERVER_ERROR
    assert (ledger.rows["message-1"].code, job.outcome.code) == (code, code)
    assert ledger.rows["message-1"].cause is (Code.SERVER_ERROR if fate is Fate.STOP else None)
