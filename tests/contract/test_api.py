"""invites.api against the stand-in: what is sent, and what each answer becomes."""

import json
import time

import pytest
from urllib3 import PoolManager

from invites.api.client import MAX_ANSWER_BYTES, Answer, Deadlines, SpaceMediaApi
from invites.api.response import classify_response
from invites.errors import BrokenCallError, UnreachableError
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from support.spacemedia.client import StandIn, Step, fingerprint

INVITE = Invite("ada@example.test", ("Artist", "Editor"))
SHORT = Deadlines(connect=1.0, read=0.3, total=1.0)


@pytest.fixture
def api(stand_in: StandIn) -> SpaceMediaApi:
    """What is tested."""
    return SpaceMediaApi(stand_in.url, 4, time.monotonic, time.time, SHORT)


def outcome_of(answer: Answer) -> Outcome:
    """The outcome of an answer."""
    return classify_response(answer, time.time())


def test_an_invitation_is_one_post_with_the_token_the_address_and_the_roles(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    answer = api.invite(INVITE, token)
    (request,) = stand_in.requests()
    assert (request.method, request.path, request.query) == ("POST", "/api/v1/users", "")
    assert request.headers["authorization"] == fingerprint(token)
    assert request.headers["accept"] == "application/json"
    assert request.headers["content-type"] == "application/json"
    assert request.body == {"email": "ada@example.test", "roles": ["Artist", "Editor"]}
    assert answer.status == 201
    assert stand_in.users()["ada@example.test"].invited_count == 1


@pytest.mark.parametrize("role", ["Künstlerin", "键", "\U0001f3a8"])
def test_text_that_is_not_ascii_arrives_unchanged(
    stand_in: StandIn, api: SpaceMediaApi, token: str, role: str
) -> None:
    stand_in.configure(roles=[role])
    assert (
        outcome_of(api.invite(Invite("josé@example.test", (role,)), token)).verdict
        is Verdict.INVITED
    )
    assert stand_in.requests()[0].body == {"email": "josé@example.test", "roles": [role]}


def test_a_taken_address_is_recognised_in_both_error_envelopes(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    stand_in.add_user(INVITE.email)
    laravel = api.invite(INVITE, token)
    stand_in.configure(envelope="documented")
    documented = api.invite(INVITE, token)
    assert laravel.body != documented.body
    for answer in (laravel, documented):
        assert (answer.status, outcome_of(answer).verdict) == (422, Verdict.ALREADY_INVITED)


def test_an_answer_has_status_headers_in_lower_case_and_body(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    stand_in.script(Step(status=429, headers={"Retry-After": "7"}, json={"message": "Slow down"}))
    answer = api.invite(INVITE, token)
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert json.loads(answer.body) == {"message": "Slow down"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    stand_in: StandIn, api: SpaceMediaApi, token: str, status: int
) -> None:
    """Nothing is sent to where it points, least of all the token."""
    with StandIn() as elsewhere:
        stand_in.script(Step(redirect=f"{elsewhere.url}/api/v1/countries", status=status))
        answer = api.invite(INVITE, token)
        assert answer.status == status
        assert outcome_of(answer).verdict is Verdict.PAUSE
        assert elsewhere.stats().requests == 0
    assert stand_in.stats().requests == 1


def test_only_the_beginning_of_an_endless_page_is_read(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    stand_in.script(Step(html="x" * (MAX_ANSWER_BYTES * 10)))
    answer = api.invite(INVITE, token)
    assert (answer.status, len(answer.body)) == (200, MAX_ANSWER_BYTES)
    assert outcome_of(answer).verdict is Verdict.PAUSE


def test_an_answer_of_just_the_limit_is_whole_and_its_connection_used_again(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    text = "x" * MAX_ANSWER_BYTES
    stand_in.script(Step(text=text))
    assert api.invite(INVITE, token).body.decode() == text
    assert api.invite(INVITE, token).status == 201
    assert stand_in.stats().connections_opened == 1


def test_a_port_without_tls_is_never_spoken_to_in_the_clear(stand_in: StandIn, token: str) -> None:
    api = SpaceMediaApi(
        stand_in.url.replace("http:", "https:"), 1, time.monotonic, time.time, SHORT
    )
    with pytest.raises(UnreachableError, match=r"^no connection: SSLError$"):
        api.invite(INVITE, token)
    assert stand_in.stats().requests == 0


def test_the_tests_above_would_see_a_client_that_follows_redirects(
    stand_in: StandIn, token: str
) -> None:
    stand_in.script(Step(redirect=f"{stand_in.url}/api/v1/countries", status=303))
    with PoolManager() as careless:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = careless.request("POST", f"{stand_in.url}/api/v1/users", headers=headers)
    assert (answer.status, stand_in.stats().requests) == (200, 2)


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
def test_a_call_without_a_complete_answer_is_not_repeated_and_the_next_one_works(
    stand_in: StandIn, api: SpaceMediaApi, token: str, step: Step
) -> None:
    stand_in.script(step)
    with pytest.raises(BrokenCallError, match=r"^no complete answer: \w+$") as caught:
        api.invite(INVITE, token)
    assert type(caught.value) is BrokenCallError
    assert stand_in.stats().requests == 1
    expected = Verdict.ALREADY_INVITED if step.takes_effect else Verdict.INVITED
    assert outcome_of(api.invite(INVITE, token)).verdict is expected


def test_a_person_invited_by_a_broken_call_is_recognised_by_the_next(
    stand_in: StandIn, api: SpaceMediaApi, token: str
) -> None:
    stand_in.script(Step(reset="after"))
    with pytest.raises(BrokenCallError):
        api.invite(INVITE, token)
    assert outcome_of(api.invite(INVITE, token)).verdict is Verdict.ALREADY_INVITED
    assert stand_in.users()[INVITE.email].invited_count == 1
