"""invites.retry."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.retry import MAX_BAD_REQUESTS, RetryLimit, backoff_delay, give_up_if_exhausted
from support.build import SENT_AT, message

PATIENCE = RetryLimit(receives=20, seconds=1000.0)
RETRY = Outcome(
    Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500), next_try=NextTry(7.0)
)
PAUSE = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))


@pytest.mark.parametrize("outcome", [RETRY, PAUSE])
@pytest.mark.parametrize(("receives", "age"), [(1, 0.0), (19, 999.9), (1, -5.0)])
def test_patience(outcome: Outcome, receives: int, age: float) -> None:
    """A message that may come again keeps its outcome."""
    assert (
        give_up_if_exhausted(outcome, message("", receives=receives), PATIENCE, SENT_AT + age)
        == outcome
    )


@pytest.mark.parametrize(("receives", "age"), [(20, 0.0), (21, 0.0), (1, 1000.0), (20, 1000.0)])
@pytest.mark.parametrize(
    ("outcome", "code"), [(RETRY, Code.RETRIES_EXHAUSTED), (PAUSE, Code.PAUSED_TOO_LONG)]
)
def test_the_end_of_it(outcome: Outcome, code: Code, receives: int, age: float) -> None:
    """At the last receive, or too old, it is a stop that tells its last cause."""
    stopped = give_up_if_exhausted(outcome, message("", receives=receives), PATIENCE, SENT_AT + age)
    expected = Outcome(
        Verdict.STOP, code, outcome.detail, cause=outcome.code, reply=Reply(outcome.reply.status)
    )
    assert stopped == expected


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(Verdict.INVITED, reply=Reply(201)),
        Outcome(Verdict.ALREADY_INVITED),
        Outcome(Verdict.IGNORED, Code.NOT_A_SIGNUP),
        Outcome(Verdict.SPLIT),
        Outcome(Verdict.STOP, Code.REFUSED_BY_API, "no", reply=Reply(422)),
    ],
)
def test_what_is_done_or_stopped(outcome: Outcome) -> None:
    """Whatever the last receive ends in is no less so for being the last."""
    assert (
        give_up_if_exhausted(outcome, message("", receives=99), PATIENCE, SENT_AT + 10**6)
        == outcome
    )


BAD = Outcome(Verdict.RETRY, Code.BAD_REQUEST, "a bad request", reply=Reply(400, message="No."))


def test_the_twelfth_bad_request_is_a_refusal() -> None:
    """It tells what the API said, and that it was a bad request each time."""
    assert MAX_BAD_REQUESTS == 12
    assert give_up_if_exhausted(BAD, message("", receives=11), PATIENCE, SENT_AT, 11) == BAD
    stopped = give_up_if_exhausted(BAD, message("", receives=12), PATIENCE, SENT_AT, 12)
    assert stopped == Outcome(
        Verdict.STOP,
        Code.REFUSED_BY_API,
        BAD.detail,
        cause=Code.BAD_REQUEST,
        reply=Reply(400, message="No."),
    )


def test_bad_requests_of_before_stop_no_other_outcome() -> None:
    """It may have been what was wrong then, and is no more."""
    assert give_up_if_exhausted(RETRY, message("", receives=15), PATIENCE, SENT_AT, 14) == RETRY


def test_bad_requests_are_tried_for_more_than_two_hours() -> None:
    """The waits before the last of them, all at their lowest draw."""
    assert sum(backoff_delay(receive, 0.0) for receive in range(1, MAX_BAD_REQUESTS)) > 2 * 3600
