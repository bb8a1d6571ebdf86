"""The stand-in lets calls in, or keeps them out, as Laravel and Sanctum do."""

import re
import zlib

import pytest

from support.spacemedia.caller import INVITE, Caller
from support.spacemedia.client import StandIn

COUNTRIES = "/api/v1/countries"
TOKEN = "/api/v1/token"  # noqa: S105  # a path
KEYS = {"X-Api-Key": "demo-api-key", "X-Api-Secret": "demo-api-secret", "Authorization": None}
UNAUTHENTICATED = {"message": "Unauthenticated."}


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer 1|unknown", "Basic abc", "nonsense"])
def test_missing_malformed_or_unknown_token_is_the_same_401(
    stand_in: StandIn, caller: Caller, header: str | None
) -> None:
    answer = caller.call("POST", INVITE, {}, {"Authorization": header})
    assert (answer.status, answer.json()) == (401, UNAUTHENTICATED)
    assert stand_in.stats().created == 0


@pytest.mark.parametrize("accept", [None, "*/*", "text/html, application/json"])
def test_call_that_does_not_ask_for_json_first_is_redirected(
    caller: Caller, accept: str | None
) -> None:
    """To the login, or back to the form."""
    denied = caller.call("POST", INVITE, {}, {"Accept": accept, "Authorization": None})
    assert (denied.status, denied.headers["Location"][-6:]) == (302, "/login")
    invalid = caller.call("POST", INVITE, {}, {"Accept": accept, "Referer": "http://form.test/"})
    assert (invalid.status, invalid.headers["Location"]) == (302, "http://form.test/")


def test_type_that_ends_in_json_asks_for_json(caller: Caller) -> None:
    accept = "text/html;q=0.5, application/vnd.api+json"
    assert caller.call("POST", INVITE, {}, {"Accept": accept}).status == 422


def test_redirect_that_is_followed_ends_in_a_200_that_means_nothing(caller: Caller) -> None:
    answer = caller.call("GET", "/login")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")


def test_expired_or_revoked_token_is_refused_and_the_others_stay_in_force(
    stand_in: StandIn, caller: Caller
) -> None:
    expired, revoked = stand_in.add_token(ttl=0.0), stand_in.add_token("7|demo", ttl=None)
    assert caller.call("GET", COUNTRIES, headers=bearer(revoked)).status == 200
    assert stand_in.revoke(revoked)
    for token in (expired, revoked):
        answer = caller.call("GET", COUNTRIES, headers=bearer(token))
        assert (answer.status, answer.json()) == (401, UNAUTHENTICATED)
    assert caller.call("GET", COUNTRIES).status == 200


def test_key_and_secret_give_a_token_in_sanctums_form_and_an_earlier_one_stays_valid(
    caller: Caller,
) -> None:
    answers = [caller.call("POST", TOKEN, headers=KEYS).json() for _ in range(2)]
    for answer in answers:
        found = re.fullmatch(r"\d+\|([A-Za-z0-9]{40})([0-9a-f]{8})", answer["token"])
        assert found
        assert zlib.crc32(found[1].encode()) == int(found[2], 16)
        assert answer["expires_at"].endswith("+00:00")
        assert caller.call("GET", COUNTRIES, headers=bearer(answer["token"])).status == 200


def test_expiry_is_null_where_the_token_ttl_is_off(stand_in: StandIn, caller: Caller) -> None:
    stand_in.configure(token_ttl=None)
    assert caller.call("POST", TOKEN, headers=KEYS).json()["expires_at"] is None


@pytest.mark.parametrize("wrong", [{"X-Api-Secret": "no"}, {"X-Api-Key": None}])
def test_wrong_credentials_are_a_401_in_the_documented_envelope(
    caller: Caller, wrong: dict[str, str | None]
) -> None:
    answer = caller.call("POST", TOKEN, headers={**KEYS, **wrong})
    assert (answer.status, answer.json()["success"]) == (401, False)


def test_token_that_may_not_invite_gets_a_403(stand_in: StandIn, caller: Caller) -> None:
    """It works for the safe read."""
    reader = bearer(stand_in.add_token(abilities=("users:read",)))
    assert caller.call("POST", INVITE, {}, reader).status == 403
    assert caller.call("GET", COUNTRIES, headers=reader).status == 200
    stand_in.configure(invite_ability="users:read")
    assert caller.call("POST", INVITE, {}, reader).status == 422


def test_unknown_api_path_and_wrong_method_are_json_and_a_web_path_is_a_page(
    caller: Caller,
) -> None:
    missing = caller.call("GET", "/api/v1/x")
    assert missing.json() == {"message": "The route api/v1/x could not be found."}
    wrong = caller.call("GET", INVITE)
    assert (missing.status, wrong.status, wrong.headers["Allow"]) == (404, 405, "POST")
    assert wrong.json()["message"].startswith("The GET method is not supported for route")
    for method, status in (("GET", 404), ("POST", 419)):
        page = caller.call(method, "/users")
        assert (page.status, page.headers["Content-Type"]) == (status, "text/html; charset=UTF-8")


def bearer(token: str) -> dict[str, str | None]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
