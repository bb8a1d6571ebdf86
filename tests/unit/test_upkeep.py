"""send_invites.token_renewal: what goes wrong with it, and what it may not disturb."""

from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from aws_adapters.ledger.rotation import REFUSED_SECONDS, RotationGrant
from invites.outcome import Outcome, Reply, Verdict
from invites.token import TokenReport, TokenState
from support.build import NOW
from unit.upkeep_parts import ASKED, OLD, SECONDS, Setting, look

if TYPE_CHECKING:
    from invites.job import Job


@pytest.fixture
def setting() -> Setting:
    """A token that is refused, and not new."""
    return Setting()


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "RotateSecret"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="http://x"), "EndpointConnectionError"),
    ],
)
def test_asked_in_vain(setting: Setting, error: Exception, word: str) -> None:
    """It is told why, and tried again after a minute."""
    setting.secrets.error = error
    upkeep = setting.environment()
    notes = (f"Secrets Manager does not rotate the token: {word}",)
    assert look(upkeep).notes == notes
    setting.clock.time += REFUSED_SECONDS
    setting.secrets.error = None
    assert look(upkeep).notes == ASKED


def test_a_ledger_that_is_down(setting: Setting) -> None:
    """Then nobody asks, since everybody might."""
    setting.row.error = ClientError({"Error": {"Code": "Down"}}, "UpdateItem")
    (note,) = look(setting.environment()).notes
    assert note == "no rotation was asked for: the ledger cannot be written: Down"
    assert setting.secrets.asked == []


def test_a_fault_of_ours(setting: Setting) -> None:
    """The batch is done, and its answer may not fail."""
    setting.row.error = ZeroDivisionError("secret words")
    (note,) = look(setting.environment()).notes
    assert note.startswith("ZeroDivisionError at ")
    assert "secret" not in note


def test_no_time(setting: Setting) -> None:
    """Close to the function's end it is left to the next batch."""
    upkeep = setting.environment()
    assert upkeep.after_batch([], SECONDS) == TokenReport()
    assert look(upkeep).notes == ASKED


def test_without_a_rotation(setting: Setting) -> None:
    """The end of the token's life is told all the same."""
    setting.tokens.known = TokenState(OLD, NOW + 1)
    assert look(setting.environment(is_on=False)) == TokenReport(is_expiring=True)
    assert (setting.secrets.asked, setting.row.writes) == ([], 0)


def test_a_success_forgives(setting: Setting) -> None:
    """Who was refused beside others that were not lacks a right; the token does not."""

    class _Result:
        def __init__(self, outcome: Outcome) -> None:
            self.outcome = outcome

    def after(outcome: Outcome) -> int:
        results = cast("list[Job]", [_Result(outcome)])
        setting.environment(is_on=False).after_batch(results, 0.0)
        return setting.tokens.forgiven

    assert after(Outcome(Verdict.RETRY, reply=Reply(500))) == 0
    assert after(Outcome(Verdict.ALREADY_INVITED)) == 0
    assert after(Outcome(Verdict.INVITED, reply=Reply(201))) == 1


def test_a_rest_is_not_for_everybody(setting: Setting) -> None:
    """Only a token that came of our asking ends it."""
    assert setting.rotations.back_off(NOW, NOW) is False
    assert setting.rotations.take(NOW) is RotationGrant.GRANTED
    assert setting.rotations.back_off(NOW + 5, NOW - 2) is False
    assert setting.rotations.back_off(NOW + 5, NOW + 2) is True
    assert setting.rotations.take(NOW + 10) is RotationGrant.RESTING
