"""invites.api.client against the stand-in: what is sent, and what answers become."""

import json
import time

import pytest
from urllib3 import PoolManager

from invites.api.client import MAX_ANSWER_BYTES, Answer, Deadlines, SpaceMediaApi
from invites.api.response import classify_response
from invites.errors import UnreachableError
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from support.spacemedia.client import StandIn, Step, fingerprint

INVITE = Invite("ada@example.test", ("Artist", "Editor"))
SHORT = Deadlines(connect=1.0, read=0.3, total=1.0)


@pytest.fixture
def api(stand_in: StandIn) -> SpaceMediaApi:
    """What is tested."""
    return SpaceMediaApi(stand_in.url, 4, time.monotonic, time.time, SHORT)


def judged(answer: Answer) -> Outcome:
    """What an answer means."""
    return classify_response(answer, time.time())


def test_what_is_sent(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """One POST with the token in its header, and of the person only address and roles."""
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
def test_letters_of_all_the_world(
    stand_in: StandIn, api: SpaceMediaApi, token: str, role: str
) -> None:
    """What is not ASCII arrives as it is."""
    stand_in.configure(roles=[role])
    assert (
        judged(api.invite(Invite("josé@example.test", (role,)), token)).verdict is Verdict.INVITED
    )
    assert stand_in.requests()[0].body == {"email": "josé@example.test", "roles": [role]}


def test_an_address_that_is_taken(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """The second invite of one address is told from the first, in either error envelope."""
    stand_in.add_user(INVITE.email)
    laravel = api.invite(INVITE, token)
    stand_in.configure(envelope="documented")
    documented = api.invite(INVITE, token)
    assert laravel.body != documented.body
    for answer in (laravel, documented):
        assert (answer.status, judged(answer).verdict) == (422, Verdict.ALREADY_INVITED)


def test_the_answer(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """An answer has its status, its headers under lower-case names, and its body."""
    stand_in.script(Step(status=429, headers={"Retry-After": "7"}, json={"message": "Slow down"}))
    answer = api.invite(INVITE, token)
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert json.loads(answer.body) == {"message": "Slow down"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect(stand_in: StandIn, api: SpaceMediaApi, token: str, status: int) -> None:
    """A redirect is an answer: nothing is sent to where it points, least of all the token."""
    with StandIn() as elsewhere:
        stand_in.script(Step(redirect=f"{elsewhere.url}/api/v1/countries", status=status))
        answer = api.invite(INVITE, token)
        assert answer.status == status
        assert judged(answer).verdict is Verdict.PAUSE
        assert elsewhere.stats().requests == 0
    assert stand_in.stats().requests == 1


def test_an_answer_that_is_too_large(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """Of a page that goes on and on only the beginning is read."""
    stand_in.script(Step(html="x" * (MAX_ANSWER_BYTES * 10)))
    answer = api.invite(INVITE, token)
    assert (answer.status, len(answer.body)) == (200, MAX_ANSWER_BYTES)
    assert judged(answer).verdict is Verdict.PAUSE


def test_an_answer_of_the_largest_size(stand_in: StandIn, api: SpaceMediaApi, token: str) -> None:
    """The limit itself is not cut, and its connection serves the next call."""
    text = "x" * MAX_ANSWER_BYTES
    stand_in.script(Step(text=text))
    assert api.invite(INVITE, token).body.decode() == text
    assert api.invite(INVITE, token).status == 201
    assert stand_in.stats().connections_opened == 1


def test_tls_where_there_is_none(stand_in: StandIn, token: str) -> None:
    """A port without TLS is never spoken to in the clear."""
    api = SpaceMediaApi(
        stand_in.url.replace("http:", "https:"), 1, time.monotonic, time.time, SHORT
    )
    with pytest.raises(UnreachableError, match=r"^no connection: SSLError$"):
        api.invite(INVITE, token)
    assert stand_in.stats().requests == 0


def test_the_control_of_this_file(stand_in: StandIn, token: str) -> None:
    """A client that follows redirects would be seen by the tests above."""
    stand_in.script(Step(redirect=f"{stand_in.url}/api/v1/countries", status=303))
    with PoolManager() as careless:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = careless.request("POST", f"{stand_in.url}/api/v1/users", headers=headers)
    assert (answer.status, stand_in.stats().requests) == (200, 2)
