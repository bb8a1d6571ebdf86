"""invites.retry."""

import pytest

from invites.errors import Code
from invites.outcome import NextTry, Outcome, Verdict
from invites.retry import MAX_HIDE_SECONDS, Disposition, Fate, decide


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
def test_fates(verdict: Verdict, fate: Fate) -> None:
    """What is done is deleted, what can still succeed is tried again, the rest stopped."""
    assert decide(Outcome(verdict), 1, 1.0).fate is fate


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_failure_is_never_deleted(verdict: Verdict) -> None:
    """A message is deleted exactly if it does not fail."""
    is_deleted = decide(Outcome(verdict), 1, 1.0).fate is Fate.DELETE
    assert is_deleted is not verdict.fails


def test_a_stopped_message_is_visible_at_once() -> None:
    """It goes on to the dead-letter queue without a wait."""
    outcome = Outcome(Verdict.STOP, next_try=NextTry(100.0))
    assert decide(outcome, 9, 1.0) == Disposition(Fate.STOP, 0)


@pytest.mark.parametrize(
    ("asked", "receives", "wait"),
    [
        (None, 1, 15),
        (0.0, 1, 15),
        (10.0, 1, 15),
        (15.1, 1, 16),
        (7200.0, 1, 7200),
        (7200.0, 12, 3 * 3600),
        (10.0**9, 1, MAX_HIDE_SECONDS),
        (float("inf"), 1, MAX_HIDE_SECONDS),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.RETRY, Verdict.PAUSE])
def test_the_wait(verdict: Verdict, asked: float | None, receives: int, wait: int) -> None:
    """The API's wish counts where it is longer than the schedule, as far as SQS allows."""
    disposition = decide(Outcome(verdict, next_try=NextTry(asked)), receives, 1.0)
    assert disposition == Disposition(Fate.RETRY, wait)


@pytest.mark.parametrize("draw", [0.0, 0.5, 1.0])
def test_the_draw(draw: float) -> None:
    """The wait is drawn from 80 to 100 per cent, in whole seconds, never shorter than drawn."""
    assert decide(Outcome(Verdict.RETRY), 3, draw).wait == 48 + 12 * draw


def test_a_place_in_the_line_is_kept_to() -> None:
    """Who has a place in a minute comes in a minute, however often they came before."""
    paced = Outcome(Verdict.RETRY, Code.PACED, next_try=NextTry(60.0))
    assert decide(paced, 12, 1.0).wait == 60


def test_somebody_elses_call_is_not_waited_for_longer_than_it_can_last() -> None:
    """Sooner at first, since it is most likely over; never later than the claim's end."""
    held = Outcome(Verdict.RETRY, Code.IN_PROGRESS, next_try=NextTry(150.0))
    assert decide(held, 1, 1.0).wait == 15
    assert decide(held, 12, 1.0).wait == 150
