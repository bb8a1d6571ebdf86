"""invites.sending.throttle: the API's own limit."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.sending.throttle import MAX_WINDOW, REMEMBERED_SECONDS, Throttle

NOW = 1_772_443_000.0


def answer(remaining: int | None = None, limit: int | None = None) -> Outcome:
    """A success whose headers tell the throttle's counts."""
    return Outcome(Verdict.INVITED, reply=Reply(201, remaining=remaining, limit=limit))


def refusal(wait: float | None, limit: int | None = None) -> Outcome:
    """The outcome of a call that the throttle refuses."""
    return Outcome(
        Verdict.RETRY,
        Code.THROTTLED,
        "",
        reply=Reply(429, remaining=0, limit=limit),
        next_try=NextTry(wait),
    )


def test_an_api_without_a_throttle_slows_nothing_down() -> None:
    throttle = Throttle()
    throttle.record([answer()], NOW)
    assert (throttle.max_parallel(10), throttle.closed_until, throttle.per_minute(NOW)) == (
        10,
        0.0,
        0,
    )


@pytest.mark.parametrize(("remaining", "width"), [(100, 10), (10, 10), (3, 3), (1, 1), (0, 1)])
def test_no_more_calls_go_side_by_side_than_the_api_has_left(remaining: int, width: int) -> None:
    """With none left it is one, to find out whether that is still so."""
    throttle = Throttle()
    throttle.record([answer(remaining)], NOW)
    assert throttle.max_parallel(10) == width


def test_a_new_window_opens_the_width_again() -> None:
    throttle = Throttle()
    throttle.record([answer(1)], NOW)
    throttle.record([answer(59)], NOW)
    assert throttle.max_parallel(10) == 10


def test_a_refusal_closes_the_throttle_for_the_longest_wait_named() -> None:
    throttle = Throttle()
    throttle.record([refusal(60.0)], NOW)
    throttle.record([refusal(5.0)], NOW + 1)
    throttle.record([answer(5)], NOW + 2)
    assert throttle.closed_until == NOW + 60


def test_a_refusal_without_a_wait_closes_nothing() -> None:
    throttle = Throttle()
    throttle.record([refusal(None, limit=60)], NOW)
    assert (throttle.closed_until, throttle.per_minute(NOW)) == (0.0, 0)


def test_the_limit_is_a_rate_for_ten_minutes_after_a_refusal() -> None:
    throttle = Throttle()
    throttle.record([answer(0, limit=60)], NOW)
    assert throttle.per_minute(NOW) == 0
    throttle.record([refusal(60.0)], NOW)
    assert throttle.per_minute(NOW + REMEMBERED_SECONDS - 1) == 60
    assert throttle.per_minute(NOW + REMEMBERED_SECONDS) == 0


def test_the_last_limit_named_counts() -> None:
    """None, or 0, is not a limit."""
    throttle = Throttle()
    throttle.record([refusal(60.0, limit=60)], NOW)
    throttle.record([answer(5, limit=120)], NOW)
    throttle.record([answer(4)], NOW)
    throttle.record([answer(4, limit=0)], NOW)
    assert throttle.per_minute(NOW) == 120


@pytest.mark.parametrize(
    ("waits", "rate"), [([30.0], 120.0), ([30.0, 60.0], 60.0), ([3600.0, 5.0], 1.0)]
)
def test_the_window_is_the_longest_wait_that_was_named(waits: list[float], rate: float) -> None:
    throttle = Throttle()
    for wait in waits:
        throttle.record([refusal(wait, limit=60)], NOW)
    assert throttle.per_minute(NOW) == rate


def test_a_call_without_an_answer_changes_nothing() -> None:
    throttle = Throttle()
    throttle.record([answer(3)], NOW)
    throttle.record([Outcome(Verdict.RETRY, Code.INTERRUPTED, next_try=NextTry(60.0))], NOW)
    assert (throttle.max_parallel(10), throttle.closed_until) == (3, 0.0)


def test_a_server_error_that_names_a_wait_closes_nothing() -> None:
    """The wait is for its own message: others may fare better."""
    throttle = Throttle()
    throttle.record(
        [Outcome(Verdict.RETRY, Code.SERVER_ERROR, "", reply=Reply(500), next_try=NextTry(60.0))],
        NOW,
    )
    assert throttle.closed_until == 0.0


@pytest.mark.parametrize("left", [[9, 0, 5], [5, 9, 0], [0, 5, 9], [None, 0, None]])
def test_of_calls_side_by_side_the_lowest_count_holds(left: list[int | None]) -> None:
    throttle = Throttle()
    throttle.record([answer(remaining) for remaining in left], NOW)
    assert throttle.max_parallel(10) == 1


def test_answers_without_a_count_take_the_count_back() -> None:
    throttle = Throttle()
    throttle.record([answer(3), answer(4)], NOW)
    throttle.record([], NOW)
    assert throttle.max_parallel(10) == 3
    throttle.record([answer(), Outcome(Verdict.RETRY, Code.INTERRUPTED)], NOW)
    assert throttle.max_parallel(10) == 10


def test_of_refusals_side_by_side_the_longest_wait_holds() -> None:
    for waits in ([5.0, 60.0, 30.0], [60.0, 5.0], [5.0, 60.0]):
        throttle = Throttle()
        throttle.record([refusal(wait, limit=60) for wait in waits], NOW)
        assert (throttle.closed_until, throttle.per_minute(NOW)) == (NOW + 60, 60)


def test_a_wait_of_a_day_is_kept_for_three_hours_and_counts_as_a_window_of_one() -> None:
    assert MAX_WINDOW == 3600
    throttle = Throttle()
    throttle.record([refusal(86_400.0, limit=60)], NOW)
    assert (throttle.closed_until, throttle.per_minute(NOW)) == (NOW + 3 * 3600, 1.0)


@pytest.mark.parametrize(("later", "rate"), [(0, 60), (-1, 6)])
def test_a_refusal_long_after_the_last_one_names_the_window_again(
    later: float, rate: float
) -> None:
    throttle = Throttle()
    throttle.record([refusal(600.0, limit=60)], NOW)
    again = NOW + REMEMBERED_SECONDS + later
    throttle.record([refusal(60.0, limit=60)], again)
    assert throttle.per_minute(again) == rate
