"""invites.disposition."""

from typing import Any

import pytest

from invites.disposition import LONGEST_HOLD, Disposition, Fate, dispose
from invites.outcome import Outcome, Verdict

INVITED, ALREADY = Outcome(Verdict.INVITED), Outcome(Verdict.ALREADY_INVITED)
IGNORED, STOP = Outcome(Verdict.IGNORED), Outcome(Verdict.STOP)
RETRY, PAUSE = Outcome(Verdict.RETRY), Outcome(Verdict.PAUSE)


@pytest.mark.parametrize(
    ("outcomes", "fate"),
    [
        ([INVITED], Fate.DELETE),
        ([ALREADY], Fate.DELETE),
        ([IGNORED], Fate.DELETE),
        ([INVITED, ALREADY, IGNORED], Fate.DELETE),
        ([STOP], Fate.STOP),
        ([INVITED, STOP, IGNORED], Fate.STOP),
        ([RETRY], Fate.RETRY),
        ([PAUSE], Fate.RETRY),
        ([STOP, RETRY], Fate.RETRY),
        ([PAUSE, INVITED, STOP], Fate.RETRY),
    ],
)
def test_fates(outcomes: list[Outcome], fate: Fate) -> None:
    """Only what is done is deleted; what can still succeed is tried before a stop counts."""
    assert dispose(outcomes, 1, 1.0).fate is fate


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_failure_is_never_deleted(verdict: Verdict) -> None:
    """A message is deleted exactly if nothing in it fails."""
    is_deleted = dispose([INVITED, Outcome(verdict)], 1, 1.0).fate is Fate.DELETE
    assert is_deleted is not verdict.fails


def test_a_stopped_message_is_visible_at_once() -> None:
    """It goes on to the dead-letter queue without a wait."""
    assert dispose([STOP], 9, 1.0) == Disposition(Fate.STOP, 0)


@pytest.mark.parametrize(
    ("asked", "receives", "wait"),
    [
        (None, 1, 15),
        (0.0, 1, 15),
        (10.0, 1, 15),
        (15.1, 1, 16),
        (7200.0, 1, 7200),
        (7200.0, 12, 3 * 3600),
        (10.0**9, 1, LONGEST_HOLD),
        (float("inf"), 1, LONGEST_HOLD),
    ],
)
def test_the_wait(asked: float | None, receives: int, wait: int) -> None:
    """The API's wish counts where it is longer than the schedule, as far as SQS allows."""
    disposition = dispose([Outcome(Verdict.RETRY, wait=asked)], receives, 1.0)
    assert disposition == Disposition(Fate.RETRY, wait)


def test_the_longest_wish_counts() -> None:
    """Of several people in one message the one who must wait longest decides."""
    outcomes = [Outcome(Verdict.RETRY, wait=100.0), Outcome(Verdict.PAUSE, wait=300.0), STOP]
    assert dispose(outcomes, 1, 1.0).wait == 300


def test_the_longest_hold_fits_sqs(template: dict[str, Any]) -> None:
    """SQS counts 12 hours from the receive, and the function runs for a while before it asks."""
    timeout = template["Resources"]["SendInvitesFunction"]["Properties"]["Timeout"]
    assert LONGEST_HOLD + timeout <= 12 * 3600
