"""The stand-in answers invites as SpaceMedia's documentation and Laravel say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from support.spacemedia.caller import INVITE, Caller
from support.spacemedia.client import StandIn

EMAIL = "new.artist@example.test"
TAKEN = "The email has already been taken."
FIELDS = """
    id uuid organization_id organization_uuid name full_name first_name last_name email phone
    language country address photo profile_photo verified email_verified_at last_login_at
    created_at updated_at is_suspended suspended_at invitation_status is_invited roles
"""


def test_success_is_201_with_a_list_of_one_user_with_every_documented_field(caller: Caller) -> None:
    answer = caller.invite(EMAIL, "Artist", "Admin")
    [user] = answer.json()["data"]
    assert (answer.status, answer.headers["Content-Type"]) == (201, "application/json")
    assert set(user) == set(FIELDS.split())
    assert (user["email"], user["invitation_status"]) == (EMAIL, "pending")
    assert user["is_invited"] is True
    assert [role["name"] for role in user["roles"]] == ["Artist", "Admin"]
    assert all(set(role) == {"id", "uuid", "name"} for role in user["roles"])
    assert datetime.fromisoformat(user["created_at"]).tzinfo is not None


def test_success_can_be_200(stand_in: StandIn, caller: Caller) -> None:
    """The documentation leaves the status open."""
    stand_in.configure(success_status=200)
    assert caller.invite().status == 200


@pytest.mark.parametrize(
    ("change", "key", "text"),
    [
        ({"email": None}, "email", "The email field is required."),
        ({"email": "  "}, "email", "The email field is required."),
        ({"email": "x@"}, "email", "The email field must be a valid email address."),
        ({"email": 7}, "email", "The email field must be a valid email address."),
        ({"roles": None}, "roles", "The roles field is required."),
        ({"roles": []}, "roles", "The roles field is required."),
        ({"roles": "Artist"}, "roles", "The roles field must be an array."),
        ({"roles": ["Artist", "King"]}, "roles.1", "The selected roles.1 is invalid."),
        ({"roles": [None]}, "roles.0", "The selected roles.0 is invalid."),
    ],
)
def test_invalid_input_is_a_422_in_laravels_words_and_creates_nobody(
    stand_in: StandIn, caller: Caller, change: dict[str, object], key: str, text: str
) -> None:
    answer = caller.call("POST", INVITE, {"email": EMAIL, "roles": ["Artist"], **change})
    assert (answer.status, answer.json()) == (422, {"message": text, "errors": {key: [text]}})
    assert stand_in.users() == {}


@pytest.mark.parametrize(
    ("roles", "more"), [(["King"], "(and 1 more error)"), (["King", "Pope"], "(and 2 more errors)")]
)
def test_message_is_the_first_error_and_the_number_of_others(
    caller: Caller, roles: list[str], more: str
) -> None:
    answer = caller.call("POST", INVITE, {"roles": roles})
    assert answer.json()["message"] == f"The email field is required. {more}"


@pytest.mark.parametrize("body", [b"not json", b"[1]", b'"text"', None])
def test_body_that_is_no_object_counts_as_empty(caller: Caller, body: bytes | None) -> None:
    assert set(caller.call("POST", INVITE, body).json()["errors"]) == {"email", "roles"}


def test_json_that_is_not_declared_as_json_is_not_read(caller: Caller) -> None:
    body = {"email": EMAIL, "roles": ["Artist"]}
    answer = caller.call("POST", INVITE, body, {"Content-Type": "text/plain"})
    assert answer.status == 422


def test_a_setting_gives_validation_errors_the_documented_envelope(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.configure(envelope="documented")
    answer = caller.call("POST", INVITE, {"email": EMAIL})
    text = "The roles field is required."
    assert answer.json() == {"success": False, "message": text, "errors": {"roles": [text]}}


def test_address_is_taken_however_it_is_spelled_and_its_first_invitation_stays_the_only_one(
    stand_in: StandIn, caller: Caller
) -> None:
    assert caller.invite(EMAIL).status == 201
    answer = caller.invite(f" {EMAIL.upper()} ")
    assert (answer.status, answer.json()) == (422, {"message": TAKEN, "errors": {"email": [TAKEN]}})
    assert stand_in.users()[EMAIL].invited_count == 1


def test_without_uniqueness_each_invite_creates_a_user_and_the_count_shows_it(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.configure(unique=False)
    first, second = (caller.invite(email).json()["data"][0] for email in (EMAIL, EMAIL.upper()))
    [address] = stand_in.users().values()
    assert (address.address, address.invited_count) == (EMAIL, 2)
    assert address.uuids == [first["uuid"], second["uuid"]]


def test_loser_of_a_race_gets_a_500_and_a_later_call_that_the_address_is_taken(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.configure(race=True)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(caller.invite, [EMAIL, EMAIL]))
    [lost] = (answer for answer in answers if answer.status != 201)
    assert (lost.status, lost.json()) == (500, {"message": "Server Error"})
    assert caller.invite(EMAIL).json()["message"] == TAKEN
    assert stand_in.users()[EMAIL].invited_count == 1


def test_invited_user_is_found_by_uuid_and_another_uuid_is_a_documented_404(caller: Caller) -> None:
    [user] = caller.invite().json()["data"]
    found = caller.call("GET", f"/api/v1/users/{user['uuid']}/detail").json()
    assert found["success"] is True
    assert found["data"] == {"user": user, "roles": user["roles"], "packages": [], "meta": {}}
    missing = caller.call("GET", "/api/v1/users/no-such-uuid/detail")
    assert (missing.status, missing.json()["success"]) == (404, False)
