"""invites.api.token_client against the stand-in: what is sent, and what answers become."""

import time
from datetime import datetime

import pytest

from invites.api.token_client import COUNTRIES_PATH, TOKEN_PATH, Credentials, TokenApi
from invites.api.transport import Deadlines
from invites.errors import CredentialsError, TokenApiError
from invites.token import Token
from support.spacemedia.client import StandIn, Step, fingerprint

GOOD = Credentials("demo-api-key", "demo-api-secret", "credentials")
SHORT = Deadlines(connect=1.0, read=0.3, total=1.0)


@pytest.fixture
def api(stand_in: StandIn) -> TokenApi:
    """The client under test."""
    return TokenApi(stand_in.url, time.monotonic, time.time, SHORT)


def test_key_and_secret_travel_in_their_headers_and_a_token_comes_back(
    stand_in: StandIn, api: TokenApi
) -> None:
    """The request has no body."""
    token = api.exchange(GOOD)
    (issued,) = stand_in.tokens()
    assert token.expires_at == datetime.fromisoformat(str(issued.expires_at)).timestamp()
    assert token.text == issued.token
    (request,) = stand_in.requests()
    assert (request.method, request.path, request.body) == ("POST", TOKEN_PATH, None)
    assert request.headers["x-api-key"] == fingerprint(GOOD.api_key)
    assert request.headers["x-api-secret"] == fingerprint(GOOD.api_secret)
    assert request.headers["accept"] == "application/json"
    assert "authorization" not in request.headers


def test_token_that_does_not_end_has_null_as_its_end(stand_in: StandIn, api: TokenApi) -> None:
    stand_in.configure(token_ttl=None)
    assert api.exchange(GOOD).expires_at is None


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_name_the_secret_to_correct_and_no_value(
    stand_in: StandIn, api: TokenApi, status: int
) -> None:
    stand_in.script(Step(path=TOKEN_PATH, status=status))
    with pytest.raises(CredentialsError) as caught:
        api.exchange(GOOD)
    problem = f"the API refuses key and secret ({status})"
    assert str(caught.value) == f"{problem}: store valid ones in secret credentials"


@pytest.mark.parametrize(
    ("step", "problem", "is_orphan_possible"),
    [
        (Step(status=500), "was answered with 500", False),
        (Step(status=429), "was answered with 429", False),
        (Step(redirect="/login"), "was answered with 302", False),
        (Step(html="<h1>1|marked</h1>"), "no JSON", True),
        (Step(json=["1|marked"]), "no JSON object", True),
        (Step(json={"data": "marked"}), "no bearer token in its field `token`", True),
        (Step(json={"token": "mar ked"}), "no bearer token in its field `token`", True),
        (Step(json={"token": "marked", "expires_at": "marked"}), "neither a time nor null", True),
        (Step(json={"token": "marked", "expires_at": 7}), "neither a time nor null", True),
        (Step(reset="after"), "no complete answer", True),
        (Step(truncate=True), "no complete answer", True),
        (Step(hang=True), "no complete answer", True),
    ],
)
def test_error_of_an_answer_without_a_token_says_whether_one_may_have_been_made(
    stand_in: StandIn, api: TokenApi, step: Step, problem: str, *, is_orphan_possible: bool
) -> None:
    """It quotes nothing of the answer."""
    stand_in.script(step)
    with pytest.raises(TokenApiError, match=problem) as caught:
        api.exchange(GOOD)
    assert caught.value.is_orphan_possible is is_orphan_possible
    error: BaseException | None = caught.value
    while error:
        assert "mar" not in str(error)
        error = error.__cause__
    stand_in.reset()


def test_no_token_was_made_without_a_connection() -> None:
    with pytest.raises(TokenApiError, match="no connection") as caught:
        TokenApi("http://127.0.0.1:1", time.monotonic, time.time, SHORT).exchange(GOOD)
    assert not caught.value.is_orphan_possible


def test_token_in_force_is_accepted_and_another_refused(stand_in: StandIn, api: TokenApi) -> None:
    """The call that tries it is a read that changes nothing."""
    assert api.accepts(Token(stand_in.add_token()))
    assert not api.accepts(Token("7|nobody"))
    paths = {(call.method, call.path) for call in stand_in.requests()}
    assert paths == {("GET", COUNTRIES_PATH)}


@pytest.mark.parametrize("step", [Step(status=500), Step(status=403), Step(html="<h1>Hi</h1>")])
def test_answer_that_neither_accepts_nor_refuses_the_token_is_an_error(
    stand_in: StandIn, api: TokenApi, step: Step
) -> None:
    """The next try may decide."""
    stand_in.script(step)
    with pytest.raises(TokenApiError, match="GET /api/v1/countries was answered"):
        api.accepts(Token(stand_in.add_token()))
