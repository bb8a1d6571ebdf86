"""The stand-in's control endpoint: a test can observe and steer it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from urllib3.exceptions import ProtocolError

from support.spacemedia.caller import INVITE, Caller
from support.spacemedia.client import StandIn, StandInError, Step, fingerprint
from support.spacemedia.settings import DEFAULTS

EMAIL = "new.artist@example.test"


def test_every_api_request_is_recorded_with_its_answer_and_without_secrets(
    caller: Caller, stand_in: StandIn
) -> None:
    before = time.time()
    caller.invite(EMAIL)
    caller.call("POST", f"{INVITE}?a=b", b"{", {"X-Api-Secret": "s3cret"})
    first, second = stand_in.requests()
    assert before <= first.time <= (first.answered or 0) <= time.time()
    assert (first.sequence, first.method, first.path) == (1, "POST", INVITE)
    assert (first.status, first.created) == (201, True)
    assert first.body == {"email": EMAIL, "roles": ["Artist"]}
    assert first.headers["authorization"] == fingerprint(caller.token)
    assert first.headers["accept"] == first.headers["content-type"] == "application/json"
    assert (second.query, second.body, second.status) == ("a=b", "{", 422)
    assert second.headers["x-api-secret"] == fingerprint("s3cret")


def test_connections_are_counted_and_those_of_control_calls_are_not(
    stand_in: StandIn, caller: Caller
) -> None:
    for _ in range(3):
        caller.invite()
    with Caller(stand_in.url, caller.token) as other:
        other.invite()
        assert stand_in.stats().connections_open == 2
    assert [entry.connection for entry in stand_in.requests()] == [1, 1, 1, 2]
    stats = stand_in.stats()
    assert (stats.requests, stats.connections_opened, stats.created) == (4, 2, 1)
    assert stats.by_status == {"201": 1, "422": 3}


def test_a_test_can_wait_for_requests_and_a_reset_ends_a_hung_one(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(hang=True))
    with ThreadPoolExecutor(1) as pool:
        hung = pool.submit(caller.invite)
        assert len(stand_in.wait_for_requests(1)) == 1
        stand_in.reset()
        assert isinstance(hung.exception(), ProtocolError)
    with pytest.raises(TimeoutError):
        stand_in.wait_for_requests(1, seconds=0.01)


def test_a_reset_leaves_nothing(stand_in: StandIn, caller: Caller) -> None:
    caller.invite()
    stand_in.configure(throttle=1)
    stand_in.script(Step(status=500))
    stand_in.reset()
    assert (stand_in.settings(), stand_in.remaining()) == (DEFAULTS, [])
    assert (stand_in.users(), stand_in.requests(), stand_in.tokens()) == ({}, [], [])
    assert (stand_in.stats().requests, stand_in.stats().connections_opened) == (0, 0)


def test_script_is_appended_or_replaced(stand_in: StandIn) -> None:
    first, second, third = Step(status=500), Step(close=True, times=2), Step(json={"a": [1]})
    stand_in.script(first)
    stand_in.script(second)
    assert stand_in.remaining() == [first, second]
    stand_in.script(third, replace=True)
    assert stand_in.remaining() == [third]


def test_a_user_can_be_there_from_the_start_and_counts_as_not_invited(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.add_user(EMAIL, "Admin")
    assert caller.invite(EMAIL).status == 422
    assert stand_in.users()[EMAIL].invited_count == 0
    assert stand_in.users()[EMAIL].roles == [["Admin"]]


def test_tokens_are_listed_and_can_be_revoked_all_at_once(stand_in: StandIn) -> None:
    token = stand_in.add_token("9|given", ttl=None, abilities=("a",))
    [issued] = stand_in.tokens()
    assert (issued.token, issued.expires_at, issued.abilities) == (token, None, ["a"])
    stand_in.add_token()
    assert (stand_in.revoke_all(), stand_in.tokens(), stand_in.revoke(token)) == (2, [], False)


@pytest.mark.parametrize("change", [{"typo": 1}, {"unique": 1}, {"roles": "Artist"}])
def test_setting_that_is_unknown_or_of_a_wrong_type_is_refused(
    stand_in: StandIn, change: dict[str, object]
) -> None:
    with pytest.raises(StandInError, match=next(iter(change))):
        stand_in.configure(**change)  # type: ignore[arg-type]
    assert stand_in.settings() == DEFAULTS


@pytest.mark.parametrize("step", [{"typo": 1}, {"times": 0}, {"reset": "now"}, {"drip": "1"}])
def test_step_that_is_unknown_or_of_a_wrong_type_is_refused(
    stand_in: StandIn, caller: Caller, step: dict[str, object]
) -> None:
    answer = caller.call("POST", "/_control/script", {"steps": [step]})
    assert (answer.status, next(iter(step)) in answer.json()["error"]) == (400, True)
    assert stand_in.remaining() == []
