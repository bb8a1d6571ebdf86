"""invites.api.client against the stand-in: calls that have no complete answer."""

import time

import pytest

from invites.api.client import Answer, Deadlines, SpaceMediaApi
from invites.api.response import classify_response
from invites.errors import BrokenCallError
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from support.spacemedia.client import StandIn, Step

INVITE = Invite("ada@example.test", ("Artist", "Editor"))
SHORT = Deadlines(connect=1.0, read=0.3, total=1.0)


@pytest.fixture
def api(stand_in: StandIn) -> SpaceMediaApi:
    """What is tested."""
    return SpaceMediaApi(stand_in.url, 4, time.monotonic, time.time, SHORT)


def judged(answer: Answer) -> Outcome:
    """What an answer means."""
    return classify_response(answer, time.time())


@pytest.mark.parametrize(
    "step",
    [
        Step(reset="before"),
        Step(reset="after"),
        Step(close=True),
        Step(truncate=True),
        Step(truncate=1),
        Step(truncate=0),
        Step(hang=True),
    ],
    ids=["reset before", "reset after", "closed", "half", "one byte", "no byte", "no answer"],
)
def test_no_complete_answer(stand_in: StandIn, api: SpaceMediaApi, token: str, step: Step) -> None:
    """The call may have had its effect, and is not repeated here; the next one is as ever."""
    stand_in.script(step)
    with pytest.raises(BrokenCallError, match=r"^no complete answer: \w+$") as caught:
        api.invite(INVITE, token)
    assert type(caught.value) is BrokenCallError
    assert stand_in.stats().requests == 1
    expected = Verdict.ALREADY_INVITED if step.takes_effect else Verdict.INVITED
    assert judged(api.invite(INVITE, token)).verdict is expected


def test_an_effect_without_an_answer(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """Whoever was invited by a call that broke is recognised at the next, not invited twice."""
    stand_in.script(Step(reset="after"))
    with pytest.raises(BrokenCallError):
        api.invite(INVITE, token)
    assert judged(api.invite(INVITE, token)).verdict is Verdict.ALREADY_INVITED
    assert stand_in.users()[INVITE.email].invited_count == 1
