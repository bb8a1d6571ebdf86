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
def test_unauthenticated(stand_in: StandIn, caller: Caller, header: str | None) -> None:
    """A token that is missing, malformed or unknown is one and the same 401."""
    answer = caller.call("POST", INVITE, {}, {"Authorization": header})
    assert (answer.status, answer.json()) == (401, UNAUTHENTICATED)
    assert stand_in.stats().created == 0


@pytest.mark.parametrize("accept", [None, "*/*", "text/html, application/json"])
def test_redirect_instead_of_error(caller: Caller, accept: str | None) -> None:
    """Who does not ask for JSON first is sent to the login, or back to the form."""
    denied = caller.call("POST", INVITE, {}, {"Accept": accept, "Authorization": None})
    assert (denied.status, denied.headers["Location"][-6:]) == (302, "/login")
    invalid = caller.call("POST", INVITE, {}, {"Accept": accept, "Referer": "http://form.test/"})
    assert (invalid.status, invalid.headers["Location"]) == (302, "http://form.test/")


def test_other_json_type(caller: Caller) -> None:
    """A type that ends in +json asks for JSON too."""
    accept = "text/html;q=0.5, application/vnd.api+json"
    assert caller.call("POST", INVITE, {}, {"Accept": accept}).status == 422


def test_followed_redirect(caller: Caller) -> None:
    """Who follows the redirect gets a 200 that means nothing."""
    answer = caller.call("GET", "/login")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")


def test_expired_and_revoked(stand_in: StandIn, caller: Caller) -> None:
    """A token ends by time or by revocation, and the others stay in force."""
    expired, revoked = stand_in.add_token(ttl=0.0), stand_in.add_token("7|demo", ttl=None)
    assert caller.call("GET", COUNTRIES, headers=bearer(revoked)).status == 200
    assert stand_in.revoke(revoked)
    for token in (expired, revoked):
        answer = caller.call("GET", COUNTRIES, headers=bearer(token))
        assert (answer.status, answer.json()) == (401, UNAUTHENTICATED)
    assert caller.call("GET", COUNTRIES).status == 200


def test_create_token(caller: Caller) -> None:
    """A key and a secret give a token in Sanctum's form, and an earlier one stays valid."""
    answers = [caller.call("POST", TOKEN, headers=KEYS).json() for _ in range(2)]
    for answer in answers:
        found = re.fullmatch(r"\d+\|([A-Za-z0-9]{40})([0-9a-f]{8})", answer["token"])
        assert found
        assert zlib.crc32(found[1].encode()) == int(found[2], 16)
        assert answer["expires_at"].endswith("+00:00")
        assert caller.call("GET", COUNTRIES, headers=bearer(answer["token"])).status == 200


def test_token_without_end(stand_in: StandIn, caller: Caller) -> None:
    """Where the token TTL is off, the expiry is null."""
    stand_in.configure(token_ttl=None)
    assert caller.call("POST", TOKEN, headers=KEYS).json()["expires_at"] is None


@pytest.mark.parametrize("wrong", [{"X-Api-Secret": "no"}, {"X-Api-Key": None}])
def test_wrong_credentials(caller: Caller, wrong: dict[str, str | None]) -> None:
    """Wrong credentials are a 401 in the documented envelope."""
    answer = caller.call("POST", TOKEN, headers={**KEYS, **wrong})
    assert (answer.status, answer.json()["success"]) == (401, False)


def test_missing_ability(stand_in: StandIn, caller: Caller) -> None:
    """A token that may not invite gets a 403 there, though it works for the safe read."""
    reader = bearer(stand_in.add_token(abilities=("users:read",)))
    assert caller.call("POST", INVITE, {}, reader).status == 403
    assert caller.call("GET", COUNTRIES, headers=reader).status == 200
    stand_in.configure(invite_ability="users:read")
    assert caller.call("POST", INVITE, {}, reader).status == 422


def test_unknown_routes(caller: Caller) -> None:
    """An unknown API path and a wrong method are JSON; a web path is a page."""
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
