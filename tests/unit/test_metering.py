"""send_invites.metrics: each call is noted, whatever comes of it."""

import pytest

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, UnreachableError
from invites.invite import Invite
from invites.sending.sender import Sender
from send_invites.metrics import MeteredApi, MeteredCall
from support.build import DEADLINE, VirtualClock
from support.fakes import FakeApi, FakeClaims, FakeTokens

INVITE = Invite("ada@example.test", ("Artist",))
REFUSED = Answer(401, {}, b"{}")


class SlowApi:
    """Takes its time, then does as another."""

    def __init__(self, api: FakeApi, clock: VirtualClock, seconds: float) -> None:
        self._api = api
        self._clock = clock
        self._seconds = seconds

    def invite(self, invite: Invite, token: str) -> Answer:
        """Let time pass, then call."""
        self._clock.sleep(self._seconds)
        return self._api.invite(invite, token)


def metered(*answers: Answer | Exception) -> MeteredApi:
    """An API that gives these answers, each after 1.5 s."""
    clock = VirtualClock()
    return MeteredApi(SlowApi(FakeApi(*answers), clock, 1.5), clock.now)


def test_an_answer_is_passed_on_and_noted() -> None:
    """The status and how long it took; nothing is noted twice."""
    api = metered(REFUSED)
    assert api.invite(INVITE, "token") is REFUSED
    assert api.take() == [MeteredCall(401, 1.5)]
    assert api.take() == []


@pytest.mark.parametrize("error", [UnreachableError("closed"), BrokenCallError("reset")])
def test_no_answer_is_noted_too(error: Exception) -> None:
    """Without a status; the error goes on its way."""
    api = metered(error)
    with pytest.raises(type(error)):
        api.invite(INVITE, "token")
    assert api.take() == [MeteredCall(None, 1.5)]


def test_a_call_that_is_made_once_more() -> None:
    """Of two calls for one person both are noted, though only one outcome comes of them."""
    api = metered(REFUSED, REFUSED)
    sender = Sender(
        api,
        FakeTokens(["old", "new"]),
        FakeClaims(),
        VirtualClock().now,
        call_seconds=20.0,
        email_taken=EMAIL_TAKEN,
    )
    sender.send(INVITE, DEADLINE, DEADLINE)
    assert api.take() == [MeteredCall(401, 1.5)] * 2
