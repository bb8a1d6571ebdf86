"""The stand-in misbehaves exactly as its script says."""

import pytest
from urllib3.exceptions import ProtocolError

from support.spacemedia.caller import INVITE, Caller
from support.spacemedia.client import StandIn, Step

EMAIL = "new.artist@example.test"


def test_step_is_for_one_call_and_has_no_effect(stand_in: StandIn, caller: Caller) -> None:
    stand_in.script(Step(status=503, headers={"Retry-After": "2"}))
    first, second = caller.invite(), caller.invite()
    assert (first.status, first.headers["Retry-After"]) == (503, "2")
    assert first.json() == {"message": "Service Unavailable"}
    assert (second.status, stand_in.remaining()) == (201, [])


@pytest.mark.parametrize(
    ("step", "status", "body"),
    [
        (Step(json={"data": []}), 200, b'{"data":[]}'),
        (Step(status=500, text="oops"), 500, b"oops"),
        (Step(html="<p>proxy</p>"), 200, b"<p>proxy</p>"),
        (Step(status=419), 419, b'{"message":"CSRF token mismatch."}'),
        (Step(status=204), 204, b""),
    ],
)
def test_step_can_replace_the_answer(
    stand_in: StandIn, caller: Caller, step: Step, status: int, body: bytes
) -> None:
    stand_in.script(step)
    answer = caller.invite()
    assert (answer.status, answer.data) == (status, body)
    assert stand_in.users() == {}


def test_step_can_answer_an_error_although_the_user_was_created(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(status=500, effect=True))
    assert caller.invite(EMAIL).status == 500
    assert stand_in.users()[EMAIL].invited_count == 1


def test_step_of_headers_alone_adds_them_to_the_usual_answer(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.script(Step(headers={"X-Extra": "yes"}))
    answer = caller.invite()
    assert (answer.status, answer.headers["X-Extra"]) == (201, "yes")


def test_step_can_redirect_with_any_status(stand_in: StandIn, caller: Caller) -> None:
    stand_in.script(Step(redirect="http://elsewhere.test/"), Step(redirect="/login", status=303))
    answers = [caller.invite() for _ in range(2)]
    assert [a.status for a in answers] == [302, 303]
    assert [a.headers["Location"] for a in answers] == ["http://elsewhere.test/", "/login"]


def test_step_waits_for_the_calls_that_match(stand_in: StandIn, caller: Caller) -> None:
    """It is for one call, for several, or for ever."""
    stand_in.script(
        Step(status=500, email=EMAIL, times=2),
        Step(status=502, path=INVITE, method="POST", times=None),
        Step(status=504, method="GET"),
    )
    emails = ("a@example.test", EMAIL, EMAIL, EMAIL)
    assert [caller.invite(email).status for email in emails] == [502, 500, 500, 502]
    assert caller.call("GET", "/api/v1/countries").status == 504
    assert stand_in.remaining() == [Step(status=502, path=INVITE, method="POST", times=None)]


@pytest.mark.parametrize(
    ("step", "created"),
    [(Step(reset="before"), 0), (Step(reset="after"), 1), (Step(close=True), 0)],
)
def test_connection_can_be_reset_before_or_after_the_effect_or_closed(
    stand_in: StandIn, caller: Caller, step: Step, created: int
) -> None:
    stand_in.script(step)
    with pytest.raises(ProtocolError) as caught:
        caller.invite(EMAIL)
    # RemoteDisconnected, of a mere close, is a subclass.
    assert (type(caught.value.args[1]) is ConnectionResetError) == (step.reset is not None)
    [entry] = stand_in.requests()
    assert (entry.status, entry.created, len(stand_in.users())) == (None, bool(created), created)


@pytest.mark.parametrize(
    ("step", "sent"), [(Step(truncate=True), r"\d+"), (Step(truncate=10), "10")]
)
def test_truncated_answer_promises_more_than_it_has_and_the_user_is_created(
    stand_in: StandIn, caller: Caller, step: Step, sent: str
) -> None:
    stand_in.script(step)
    with pytest.raises(ProtocolError, match=rf"\({sent} bytes read, \d+ more expected"):
        caller.invite(EMAIL)
    assert stand_in.users()[EMAIL].invited_count == 1
