"""invites.retry: the limit, the disposition and the backoff."""

import itertools

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.retry import (
    INITIAL_BACKOFF,
    MAX_BACKOFF,
    MAX_BAD_REQUESTS,
    MAX_HIDE_SECONDS,
    Disposition,
    Fate,
    RetryLimit,
    backoff_delay,
    decide,
    give_up_if_exhausted,
)
from support.build import SENT_AT, message

LIMIT = RetryLimit(receives=20, seconds=1000.0)
RETRY = Outcome(
    Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500), next_try=NextTry(7.0)
)
PAUSE = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))


@pytest.mark.parametrize("outcome", [RETRY, PAUSE])
@pytest.mark.parametrize(("receives", "age"), [(1, 0.0), (19, 999.9), (1, -5.0)])
def test_a_message_below_its_limit_keeps_its_outcome(
    outcome: Outcome, receives: int, age: float
) -> None:
    assert (
        give_up_if_exhausted(outcome, message("", receives=receives), LIMIT, SENT_AT + age)
        == outcome
    )


@pytest.mark.parametrize(("receives", "age"), [(20, 0.0), (21, 0.0), (1, 1000.0), (20, 1000.0)])
@pytest.mark.parametrize(
    ("outcome", "code"), [(RETRY, Code.RETRIES_EXHAUSTED), (PAUSE, Code.PAUSED_TOO_LONG)]
)
def test_at_its_last_receive_or_too_old_a_message_is_stopped_with_its_last_cause(
    outcome: Outcome, code: Code, receives: int, age: float
) -> None:
    stopped = give_up_if_exhausted(outcome, message("", receives=receives), LIMIT, SENT_AT + age)
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
def test_a_success_or_a_stop_is_the_same_at_the_last_receive(outcome: Outcome) -> None:
    assert (
        give_up_if_exhausted(outcome, message("", receives=99), LIMIT, SENT_AT + 10**6) == outcome
    )


BAD = Outcome(Verdict.RETRY, Code.BAD_REQUEST, "a bad request", reply=Reply(400, message="No."))


def test_the_twelfth_bad_request_is_a_refusal() -> None:
    """It keeps what the API said."""
    assert MAX_BAD_REQUESTS == 12
    assert give_up_if_exhausted(BAD, message("", receives=11), LIMIT, SENT_AT, 11) == BAD
    stopped = give_up_if_exhausted(BAD, message("", receives=12), LIMIT, SENT_AT, 12)
    assert stopped == Outcome(
        Verdict.STOP,
        Code.REFUSED_BY_API,
        BAD.detail,
        cause=Code.BAD_REQUEST,
        reply=Reply(400, message="No."),
    )


def test_earlier_bad_requests_stop_no_other_outcome() -> None:
    assert give_up_if_exhausted(RETRY, message("", receives=15), LIMIT, SENT_AT, 14) == RETRY


def test_bad_requests_are_tried_for_more_than_two_hours() -> None:
    """Even with the lowest jitter."""
    assert sum(backoff_delay(receive, 0.0) for receive in range(1, MAX_BAD_REQUESTS)) > 2 * 3600


@pytest.mark.parametrize(
    ("verdict", "fate"),
    [
        (Verdict.INVITED, Fate.DELETE),
        (Verdict.ALREADY_INVITED, Fate.DELETE),
        (Verdict.IGNORED, Fate.DELETE),
        (Verdict.SPLIT, Fate.DELETE),
        (Verdict.RETRY, Fate.RETRY),
        (Verdict.PAUSE, Fate.RETRY),
        (Verdict.STOP, Fate.STOP),
    ],
)
def test_each_verdict_has_its_fate(verdict: Verdict, fate: Fate) -> None:
    assert decide(Outcome(verdict), 1, 1.0).fate is fate


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_message_is_deleted_exactly_if_it_does_not_fail(verdict: Verdict) -> None:
    is_deleted = decide(Outcome(verdict), 1, 1.0).fate is Fate.DELETE
    assert is_deleted is not verdict.fails


def test_a_stopped_message_is_visible_at_once() -> None:
    outcome = Outcome(Verdict.STOP, next_try=NextTry(100.0))
    assert decide(outcome, 9, 1.0) == Disposition(Fate.STOP, 0)


@pytest.mark.parametrize(
    ("asked", "receives", "wait"),
    [
        (None, 1, INITIAL_BACKOFF),
        (0.0, 1, INITIAL_BACKOFF),
        (INITIAL_BACKOFF - 5, 1, INITIAL_BACKOFF),
        (INITIAL_BACKOFF + 0.1, 1, INITIAL_BACKOFF + 1),
        (7200.0, 1, 7200),
        (7200.0, 12, MAX_BACKOFF),
        (10.0**9, 1, MAX_HIDE_SECONDS),
        (float("inf"), 1, MAX_HIDE_SECONDS),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.RETRY, Verdict.PAUSE])
def test_a_wait_of_the_api_counts_where_it_is_longer_than_the_backoff(
    verdict: Verdict, asked: float | None, receives: int, wait: float
) -> None:
    """Up to what SQS allows."""
    disposition = decide(Outcome(verdict, next_try=NextTry(asked)), receives, 1.0)
    assert disposition == Disposition(Fate.RETRY, int(wait))


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
def test_the_wait_of_a_retry_has_jitter(fraction: float) -> None:
    full = 4 * INITIAL_BACKOFF
    assert decide(Outcome(Verdict.RETRY), 3, fraction).wait == full * (0.8 + 0.2 * fraction)


def test_a_place_in_the_queue_for_slots_is_kept_without_backoff() -> None:
    paced = Outcome(Verdict.RETRY, Code.PACED, next_try=NextTry(60.0))
    assert decide(paced, 12, 1.0).wait == 60


def test_a_claim_of_another_is_waited_for_by_the_backoff_up_to_its_end() -> None:
    held = Outcome(Verdict.RETRY, Code.IN_PROGRESS, next_try=NextTry(150.0))
    assert decide(held, 1, 1.0).wait == INITIAL_BACKOFF
    assert decide(held, 12, 1.0).wait == 150


MINUTE, HOUR = 60, 3600


def test_the_first_wait_is_short() -> None:
    assert 1 <= backoff_delay(1, 0.0) <= backoff_delay(1, 1.0) <= MINUTE / 2


@pytest.mark.parametrize("receives", [12, 20, 1000, 10**9])
def test_the_longest_wait_is_three_hours(receives: int) -> None:
    assert backoff_delay(receives, 1.0) == 3 * HOUR


@pytest.mark.parametrize("receives", [1, 5, 11, 20])
def test_jitter_takes_up_to_a_fifth_off_the_wait(receives: int) -> None:
    full = backoff_delay(receives, 1.0)
    assert backoff_delay(receives, 0.0) == pytest.approx(0.8 * full)
    assert backoff_delay(receives, 0.5) == pytest.approx(0.9 * full)


def test_each_wait_is_twice_the_one_before() -> None:
    waits = [backoff_delay(receives, 1.0) for receives in range(1, 31)]
    assert waits == sorted(waits)
    pairs = itertools.pairwise(waits)
    assert all(later == min(2 * earlier, 3 * HOUR) for earlier, later in pairs)
