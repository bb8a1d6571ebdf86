"""invites.signup."""

import pytest

from invites.envelope import Envelope, Event
from invites.errors import Code, RejectedError
from invites.signup import CREATED, FIELDS, Ignored, Signup, read_signup
from support.build import cloud_event, cloud_event_base64

EMAIL = "ada@example.test"


def rejection(event: Event) -> tuple[Code, str]:
    """Read what must be rejected; give the code and the field."""
    with pytest.raises(RejectedError) as caught:
        read_signup(event)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        (None, ()),
        ([], ()),
        (["Artist"], ("Artist",)),
        ([" Artist ", "Editor", "Artist"], ("Artist", "Editor")),
    ],
)
def test_roles(roles: object, asked: tuple[str, ...]) -> None:
    """Roles are trimmed, and each is asked for once, in the event's order."""
    event = Event(cloud_event({"email": EMAIL, "roles": roles}))
    assert read_signup(event) == Signup(EMAIL, asked, "evt-1")


@pytest.mark.parametrize("roles", ["Artist", {"Artist": 1}, ["Artist", 1], [""], ["\t"], [None], 0])
def test_roles_that_are_no_names(roles: object) -> None:
    """Roles that are no list of names are the producer's mistake, not a wish for the default."""
    event = Event(cloud_event({"email": EMAIL, "roles": roles}))
    assert rejection(event) == (Code.MALFORMED_BODY, "data.roles")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, Code.MISSING_EMAIL),
        ({"email": None}, Code.MISSING_EMAIL),
        ({"email": ""}, Code.MISSING_EMAIL),
        ({"email": " \n"}, Code.MISSING_EMAIL),
        ({"email": 1}, Code.INVALID_EMAIL),
        ({"email": [EMAIL]}, Code.INVALID_EMAIL),
        ({"email": {"value": EMAIL}}, Code.INVALID_EMAIL),
        ({"Email": EMAIL}, Code.MISSING_EMAIL),
    ],
)
def test_no_address(data: object, code: Code) -> None:
    """An address that is missing, empty or no text is told apart from one that is wrong."""
    assert rejection(Event(cloud_event(data))) == (code, "data.email")


def test_data_in_base64() -> None:
    """The data of a CloudEvent may be in base64."""
    event = Event(cloud_event_base64(f'{{"email": "{EMAIL}"}}'.encode()))
    assert read_signup(event) == Signup(EMAIL, (), "evt-1")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({**cloud_event(None), "data_base64": "%%%"}, "data_base64"),
        ({**cloud_event(None), "data_base64": "bm8gSlNPTg=="}, "data_base64"),
        ({**cloud_event(None), "data_base64": "é"}, "data_base64"),
        ({**cloud_event(None), "data_base64": "e*30="}, "data_base64"),
        ({**cloud_event(None), "data_base64": 7}, "data_base64"),
        (cloud_event_base64(b'{"email": "\xff"}'), "data_base64"),
        (cloud_event([EMAIL]), "data"),
        (cloud_event("prose"), "data"),
        (cloud_event(7), "data"),
    ],
)
def test_data_that_is_no_object(content: dict[str, object], field: str) -> None:
    """The signup's own data must be an object."""
    assert rejection(Event(content)) == (Code.MALFORMED_BODY, field)


@pytest.mark.parametrize("kind", ["uk.spacemedia.signup.updated", CREATED + ".v2", CREATED + " "])
def test_an_event_of_the_family(kind: str) -> None:
    """An event about a signup that is no new one is ignored, whatever its data are."""
    ignored = read_signup(Event(cloud_event([], kind, "evt-9")))
    assert isinstance(ignored, Ignored)
    assert (ignored.code, ignored.event_id) == (Code.NOT_A_SIGNUP, "evt-9")


@pytest.mark.parametrize("kind", ["", "com.example.created", CREATED.upper()])
def test_another_type(kind: str) -> None:
    """An event of another type is rejected, not guessed at; its address is of no interest."""
    event = Event(cloud_event({"email": EMAIL}, kind))
    assert rejection(event) == (Code.UNRECOGNISED_EVENT, "type")


def test_the_data_alone() -> None:
    """An object of only known fields is a signup; its id is that of the nearest envelope."""
    envelopes = (Envelope("sns", "outer"), Envelope("sns", "inner"), Envelope("sns", None))
    data = {**dict.fromkeys(FIELDS, "x"), "email": EMAIL, "roles": ["Editor"]}
    assert read_signup(Event(data, envelopes)) == Signup(EMAIL, ("Editor",), "inner")


def test_the_data_with_more_than_the_known_fields() -> None:
    """An object that may be anything is not taken for a signup because it has an address."""
    event = Event({"email": EMAIL, "action": "deleted"})
    assert rejection(event) == (Code.UNRECOGNISED_EVENT, "type")


def test_the_detail_type() -> None:
    """On EventBridge the detail-type says what the detail is, and other fields do not matter."""
    data = {"email": EMAIL, "tenant": 7}
    created = Event(data, (Envelope("eventbridge", "eb-1", CREATED),))
    deleted = Event(data, (Envelope("eventbridge", "eb-1", "uk.spacemedia.signup.deleted"),))
    assert read_signup(created) == Signup(EMAIL, (), "eb-1")
    assert isinstance(read_signup(deleted), Ignored)


def test_another_detail_type() -> None:
    """A detail-type of another system is rejected although the detail looks like a signup."""
    event = Event({"email": EMAIL}, (Envelope("eventbridge", "eb-1", "Person Left"),))
    assert rejection(event) == (Code.UNRECOGNISED_EVENT, "type")
