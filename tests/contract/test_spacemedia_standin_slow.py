"""The stand-in is as slow as its script says."""

import time

import pytest
from urllib3.exceptions import ReadTimeoutError

from support.spacemedia.caller import Caller
from support.spacemedia.client import StandIn, Step

EMAIL = "new.artist@example.test"


def test_drip(stand_in: StandIn, caller: Caller) -> None:
    """An answer that drips keeps any read timeout from ending it, and arrives whole."""
    stand_in.script(Step(text="slow", drip=0.002))
    started = time.monotonic()
    answer = caller.invite(timeout=0.1)
    assert answer.data == b"slow"
    assert time.monotonic() - started > 0.15


def test_delay(stand_in: StandIn, caller: Caller) -> None:
    """An answer that comes too late has had its effect, and counts as no answer."""
    stand_in.script(Step(delay=0.3))
    with pytest.raises(ReadTimeoutError):
        caller.invite(EMAIL, timeout=0.1)
    assert caller.invite(EMAIL).status == 422
    time.sleep(0.25)
    assert [(r.status, r.created) for r in stand_in.requests()] == [(None, True), (422, False)]


def test_delay_before_a_replaced_answer(stand_in: StandIn, caller: Caller) -> None:
    """Delays go with any other step, and the latency setting with every call."""
    stand_in.script(Step(delay=0.1, status=500))
    stand_in.configure(latency=0.05)
    started = time.monotonic()
    assert [caller.invite().status for _ in range(2)] == [500, 201]
    assert time.monotonic() - started >= 0.15


def test_hang(stand_in: StandIn, caller: Caller) -> None:
    """A call that hangs has no effect and ends with the caller's patience."""
    stand_in.script(Step(hang=True))
    with pytest.raises(ReadTimeoutError):
        caller.invite(timeout=0.1)
    assert (stand_in.requests()[0].status, stand_in.users()) == (None, {})
