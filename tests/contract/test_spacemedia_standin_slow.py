"""The stand-in is as slow as its script says."""

import time

import pytest
from urllib3.exceptions import ReadTimeoutError

from support.spacemedia.caller import Caller
from support.spacemedia.client import StandIn, Step

EMAIL = "new.artist@example.test"


def test_dripping_answer_outlasts_any_read_timeout_and_arrives_whole(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(text="slow", drip=0.002))
    started = time.monotonic()
    answer = caller.invite(timeout=0.1)
    assert answer.data == b"slow"
    assert time.monotonic() - started > 0.15


def test_answer_that_comes_too_late_has_had_its_effect_and_counts_as_no_answer(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(delay=0.3))
    with pytest.raises(ReadTimeoutError):
        caller.invite(EMAIL, timeout=0.1)
    assert caller.invite(EMAIL).status == 422
    time.sleep(0.25)
    assert [(r.status, r.created) for r in stand_in.requests()] == [(None, True), (422, False)]


def test_delay_goes_with_any_other_step_and_latency_with_every_call(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(delay=0.1, status=500))
    stand_in.configure(latency=0.05)
    started = time.monotonic()
    assert [caller.invite().status for _ in range(2)] == [500, 201]
    assert time.monotonic() - started >= 0.15


def test_hung_call_has_no_effect_and_ends_with_the_callers_timeout(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(hang=True))
    with pytest.raises(ReadTimeoutError):
        caller.invite(timeout=0.1)
    assert (stand_in.requests()[0].status, stand_in.users()) == (None, {})
