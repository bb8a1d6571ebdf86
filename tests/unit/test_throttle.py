"""invites.sending.throttle."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.sending.throttle import MAX_WINDOW, REMEMBERED_SECONDS, Throttle

NOW = 1_772_443_000.0


def answer(remaining: int | None = None, limit: int | None = None) -> Outcome:
    """A success that tells of the throttle."""
    return Outcome(Verdict.INVITED, reply=Reply(201, remaining=remaining, limit=limit))


def refusal(wait: float | None, limit: int | None = None) -> Outcome:
    """An answer that the throttle gives."""
    return Outcome(
        Verdict.RETRY,
        Code.THROTTLED,
        "",
        reply=Reply(429, remaining=0, limit=limit),
        next_try=NextTry(wait),
    )


def test_nothing_known() -> None:
    """Without a word of the API nothing slows the calls down."""
    throttle = Throttle()
    throttle.record([answer()], NOW)
    assert (throttle.max_parallel(10), throttle.closed_until, throttle.per_minute(NOW)) == (
        10,
        0.0,
        0,
    )


@pytest.mark.parametrize(("remaining", "width"), [(100, 10), (10, 10), (3, 3), (1, 1), (0, 1)])
def test_the_width(remaining: int, width: int) -> None:
    """No more calls than are left are side by side; with none left one asks whether it is so."""
    throttle = Throttle()
    throttle.record([answer(remaining)], NOW)
    assert throttle.max_parallel(10) == width


def test_the_last_word() -> None:
    """A window that began anew opens the width again."""
    throttle = Throttle()
    throttle.record([answer(1)], NOW)
    throttle.record([answer(59)], NOW)
    assert throttle.max_parallel(10) == 10


def test_a_refusal_closes_it() -> None:
    """Until the moment that the API names; a shorter wait of a later answer changes nothing."""
    throttle = Throttle()
    throttle.record([refusal(60.0)], NOW)
    throttle.record([refusal(5.0)], NOW + 1)
    throttle.record([answer(5)], NOW + 2)
    assert throttle.closed_until == NOW + 60


def test_a_refusal_without_a_wait() -> None:
    """It says nothing of how long, so that is not for the throttle."""
    throttle = Throttle()
    throttle.record([refusal(None, limit=60)], NOW)
    assert (throttle.closed_until, throttle.per_minute(NOW)) == (0.0, 0)


def test_the_rate() -> None:
    """The limit counts as a rate once a call was refused for it, and for a while only."""
    throttle = Throttle()
    throttle.record([answer(0, limit=60)], NOW)
    assert throttle.per_minute(NOW) == 0
    throttle.record([refusal(60.0)], NOW)
    assert throttle.per_minute(NOW + REMEMBERED_SECONDS - 1) == 60
    assert throttle.per_minute(NOW + REMEMBERED_SECONDS) == 0


def test_a_limit_that_is_raised() -> None:
    """The API's last word on its limit counts; none at all, or 0, is no word."""
    throttle = Throttle()
    throttle.record([refusal(60.0, limit=60)], NOW)
    throttle.record([answer(5, limit=120)], NOW)
    throttle.record([answer(4)], NOW)
    throttle.record([answer(4, limit=0)], NOW)
    assert throttle.per_minute(NOW) == 120


@pytest.mark.parametrize(
    ("waits", "rate"), [([30.0], 120.0), ([30.0, 60.0], 60.0), ([3600.0, 5.0], 1.0)]
)
def test_the_window(waits: list[float], rate: float) -> None:
    """The window of the limit is at least as long as the longest wait that was asked for."""
    throttle = Throttle()
    for wait in waits:
        throttle.record([refusal(wait, limit=60)], NOW)
    assert throttle.per_minute(NOW) == rate


def test_outcomes_without_an_answer() -> None:
    """A call that broke, or was not made, tells nothing of the throttle."""
    throttle = Throttle()
    throttle.record([answer(3)], NOW)
    throttle.record([Outcome(Verdict.RETRY, Code.INTERRUPTED, next_try=NextTry(60.0))], NOW)
    assert (throttle.max_parallel(10), throttle.closed_until) == (3, 0.0)


def test_another_failure_that_asks_for_a_wait() -> None:
    """A server error's Retry-After is for its own message: others may fare better."""
    throttle = Throttle()
    throttle.record(
        [Outcome(Verdict.RETRY, Code.SERVER_ERROR, "", reply=Reply(500), next_try=NextTry(60.0))],
        NOW,
    )
    assert throttle.closed_until == 0.0


@pytest.mark.parametrize("left", [[9, 0, 5], [5, 9, 0], [0, 5, 9], [None, 0, None]])
def test_answers_to_calls_side_by_side(left: list[int | None]) -> None:
    """In whatever order they are read, the lowest count is that of the last one answered."""
    throttle = Throttle()
    throttle.record([answer(remaining) for remaining in left], NOW)
    assert throttle.max_parallel(10) == 1


def test_answers_that_do_not_tell() -> None:
    """Calls that all were answered without a count take back what was known; none do not."""
    throttle = Throttle()
    throttle.record([answer(3), answer(4)], NOW)
    throttle.record([], NOW)
    assert throttle.max_parallel(10) == 3
    throttle.record([answer(), Outcome(Verdict.RETRY, Code.INTERRUPTED)], NOW)
    assert throttle.max_parallel(10) == 10


def test_refusals_side_by_side() -> None:
    """Of all that are refused together the longest wait counts, wherever it stands."""
    for waits in ([5.0, 60.0, 30.0], [60.0, 5.0], [5.0, 60.0]):
        throttle = Throttle()
        throttle.record([refusal(wait, limit=60) for wait in waits], NOW)
        assert (throttle.closed_until, throttle.per_minute(NOW)) == (NOW + 60, 60)


def test_a_wait_that_is_no_window() -> None:
    """Who asks for a day is asked again after three hours, and a limit is not one of a day."""
    assert MAX_WINDOW == 3600
    throttle = Throttle()
    throttle.record([refusal(86_400.0, limit=60)], NOW)
    assert (throttle.closed_until, throttle.per_minute(NOW)) == (NOW + 3 * 3600, 1.0)


@pytest.mark.parametrize(("later", "rate"), [(0, 60), (-1, 6)])
def test_a_window_is_forgotten(later: float, rate: float) -> None:
    """A refusal long after the one before says anew how long the window is."""
    throttle = Throttle()
    throttle.record([refusal(600.0, limit=60)], NOW)
    again = NOW + REMEMBERED_SECONDS + later
    throttle.record([refusal(60.0, limit=60)], again)
    assert throttle.per_minute(again) == rate
