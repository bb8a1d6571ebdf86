"""invites.job: what a job knows of itself on its way through a batch."""

import pytest

from invites.errors import Code
from invites.job import UNDECIDED, UNREAD, Job, Trace
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.reading.reader import ParsedMessage
from invites.reading.splitting import SplitEvents
from invites.retry import Fate, decide
from invites.signup import Origin
from support.build import message
from support.jobs import job_for

STOP = Outcome(Verdict.STOP, Code.REFUSED_BY_API)
BAD = Outcome(Verdict.RETRY, Code.BAD_REQUEST)


def job(receives: int = 1, trace: Trace | None = None) -> Job:
    """A job whose message is not read yet."""
    return Job(message("{}", receives=receives), trace)


def test_a_job_that_nothing_was_decided_about_is_retried() -> None:
    new = job()
    assert (new.is_decided, new.outcome) == (False, UNDECIDED)
    assert new.disposition.fate is Fate.RETRY
    assert decide(new.outcome, 1, 1.0).fate is Fate.RETRY


def test_a_job_is_decided_by_its_outcome() -> None:
    late = job()
    late.outcome = OUT_OF_TIME
    assert late.is_decided


def test_an_equal_outcome_is_a_decision() -> None:
    """An internal error of the same words is not taken for a job under way."""
    failed = job()
    failed.outcome = Outcome(UNDECIDED.verdict, UNDECIDED.code, UNDECIDED.detail)
    assert failed.is_decided


@pytest.mark.parametrize(
    ("receives", "trace", "is_untraced"),
    [(1, None, False), (2, None, True), (2, Trace(), False), (2, Trace(STOP), False)],
)
def test_a_later_receive_without_a_trace_is_untraced(
    receives: int, trace: Trace | None, is_untraced: bool
) -> None:
    assert job(receives, trace).is_untraced is is_untraced


def test_a_decided_job_is_not_untraced() -> None:
    """As one whose trace could not be read: it is not worked on at all."""
    unknown = job(receives=2)
    unknown.outcome = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE)
    assert not unknown.is_untraced


@pytest.mark.parametrize(
    ("trace", "is_known"), [(None, False), (Trace(), False), (Trace(STOP), True)]
)
def test_a_stop_in_the_trace_is_a_known_stop(trace: Trace | None, is_known: bool) -> None:
    assert job(2, trace).is_known_stop is is_known


def test_an_undecided_invite_is_to_send_and_nothing_else() -> None:
    person = job_for("ada", "/hr")
    assert (person.is_to_send, person.is_to_split) == (True, False)
    assert (person.invite.email, person.producer) == ("ada@example.test", " /hr")
    person.outcome = STOP
    assert not person.is_to_send


def test_an_undecided_list_is_to_split_and_nothing_else() -> None:
    many = job()
    many.parsed = ParsedMessage(SplitEvents("body", (b"{}",)), Origin())
    assert (many.is_to_send, many.is_to_split) == (False, True)
    many.outcome = OUT_OF_TIME
    assert not many.is_to_split


def test_an_unread_job_is_neither_to_send_nor_to_split_and_invites_nobody() -> None:
    unread = job()
    assert unread.parsed is UNREAD
    assert (unread.is_to_send, unread.is_to_split) == (False, False)
    with pytest.raises(TypeError):
        _ = unread.invite


@pytest.mark.parametrize(
    ("trace", "outcome", "count"),
    [
        (None, STOP, 0),
        (None, BAD, 1),
        (Trace(bad_requests=3), STOP, 3),
        (Trace(bad_requests=3), BAD, 4),
        (
            Trace(bad_requests=3),
            Outcome(Verdict.STOP, Code.REFUSED_BY_API, cause=Code.BAD_REQUEST),
            4,
        ),
    ],
)
def test_bad_requests_of_all_receives_are_counted(
    trace: Trace | None, outcome: Outcome, count: int
) -> None:
    """Also in the last one, of which they are only the cause."""
    received = job(2, trace)
    received.outcome = outcome
    assert received.bad_requests == count
