"""invites.reading.canonical: whether an event is ours, and what its data say."""

import pytest

from invites.errors import Code, RejectedError
from invites.reading.canonical import CREATED, FIELDS, announce_canonical
from invites.reading.envelope import Envelope, Event
from invites.signup import Facts, NotInvited, Signup
from support.build import cloud_event, cloud_event_base64

EMAIL = "ada@example.test"


def facts(*roles: str) -> Facts:
    """Those of an event that says no more than which roles it asks for."""
    return Facts("canonical", "/test", roles=roles)


def found(event: Event) -> object:
    """What an event of ours announces."""
    announcement = announce_canonical(event)
    assert announcement
    return announcement.read()


def read(event: Event) -> Signup:
    """Read a signup."""
    signup = found(event)
    assert isinstance(signup, Signup)
    return signup


def rejection(event: Event) -> tuple[Code, str]:
    """Read what must be rejected; give the code and the field."""
    with pytest.raises(RejectedError) as caught:
        read(event)
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
def test_roles_are_trimmed_and_kept_once_in_the_order_of_the_event(
    roles: object, asked: tuple[str, ...]
) -> None:
    """Roles are trimmed, and each is asked for once, in the event's order."""
    event = Event(cloud_event({"email": EMAIL, "roles": roles}))
    assert read(event) == Signup(EMAIL, facts(*asked))


@pytest.mark.parametrize("roles", ["Artist", {"Artist": 1}, ["Artist", 1], [""], ["\t"], [None], 0])
def test_roles_that_are_no_list_of_names_are_malformed(roles: object) -> None:
    """They are the producer's mistake, not a wish for the default."""
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
def test_missing_address_is_told_apart_from_a_wrong_one(data: object, code: Code) -> None:
    """An address that is missing, empty or no text is told apart from one that is wrong."""
    assert rejection(Event(cloud_event(data))) == (code, "data.email")


def test_data_may_be_in_base64() -> None:
    """The data of a CloudEvent may be in base64."""
    event = Event(cloud_event_base64(f'{{"email": "{EMAIL}"}}'.encode()))
    assert read(event) == Signup(EMAIL, facts())


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (cloud_event(None), "data"),
        ({**cloud_event({"email": EMAIL}), "data_base64": "e30="}, "data_base64"),
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
def test_data_that_is_no_object_is_malformed(content: dict[str, object], field: str) -> None:
    """The signup's own data must be an object."""
    assert rejection(Event(content)) == (Code.MALFORMED_BODY, field)


def test_null_in_base64_is_no_data() -> None:
    """A producer that writes both fields, one of them null, means the other."""
    event = Event({**cloud_event({"email": EMAIL}), "data_base64": None})
    assert read(event) == Signup(EMAIL, facts())


@pytest.mark.parametrize("attribute", ["specversion", "source", "id", "data"])
@pytest.mark.parametrize("value", [None, 7])
def test_missing_or_wrong_attribute_is_named(attribute: str, value: object) -> None:
    """An attribute that is missing, or of the wrong type, is the one that is named."""
    content = cloud_event({"email": EMAIL})
    if value is None:
        del content[attribute]
    else:
        content[attribute] = value
    assert rejection(Event(content)) == (Code.MALFORMED_BODY, attribute)


@pytest.mark.parametrize(
    "roles",
    [["x" * 101], [f"role {n}" for n in range(51)], ["half a character \ud800"]],
    ids=["too long", "too many", "no text"],
)
def test_roles_that_no_ledger_could_hold_are_refused_as_such(roles: list[str]) -> None:
    """They do not look like a failure of the ledger."""
    with pytest.raises(RejectedError, match=r"data\.roles"):
        read(Event(cloud_event({"email": "ada@example.test", "roles": roles})))


@pytest.mark.parametrize(
    ("field", "value"),
    [("department", 7), ("title", ["a"]), ("employee_type", {}), ("name", 1), ("groups", "a")],
)
def test_fact_of_a_wrong_type_is_named(field: str, value: object) -> None:
    """Also the name, which nothing uses."""
    event = Event(cloud_event({"email": EMAIL, field: value}))
    assert rejection(event) == (Code.MALFORMED_BODY, f"data.{field}")


def test_facts_are_read_as_they_are() -> None:
    """What rules look at is read as it is."""
    data = {"department": "Design", "title": "Lead", "employee_type": "staff", "groups": ["a", "b"]}
    signup = read(Event(cloud_event({"email": EMAIL, "name": "Ada", "roles": None, **data})))
    read_facts = Facts("canonical", "/test", "Design", "Lead", "staff", ("a", "b"))
    assert signup.facts == read_facts


@pytest.mark.parametrize("kind", ["uk.spacemedia.signup.updated", CREATED + ".v2", CREATED + " "])
def test_event_of_the_family_that_is_no_new_signup_is_ignored(kind: str) -> None:
    """Whatever its data are."""
    ignored = found(Event(cloud_event([], kind, "evt-9")))
    assert isinstance(ignored, NotInvited)
    assert ignored.code is Code.NOT_A_SIGNUP


@pytest.mark.parametrize("kind", ["", "com.example.created", CREATED.upper()])
def test_event_of_another_type_is_not_canonical(kind: str) -> None:
    """Although it has an address."""
    event = Event(cloud_event({"email": EMAIL}, kind))
    assert announce_canonical(event) is None


def test_object_of_known_fields_alone_is_a_signup() -> None:
    """Whatever envelopes without a type it is in."""
    envelopes = (Envelope("sns", "outer"), Envelope("sns", None))
    data = {**dict.fromkeys(FIELDS, "x"), "email": EMAIL, "roles": ["Editor"], "groups": []}
    signup = read(Event(data, envelopes))
    assert (signup.email, signup.facts.roles, signup.facts.title) == (EMAIL, ("Editor",), "x")


def test_object_with_an_unknown_field_is_not_canonical() -> None:
    """It may be anything, though it has an address."""
    event = Event({"email": EMAIL, "action": "deleted"})
    assert announce_canonical(event) is None


def test_detail_type_says_what_the_detail_is() -> None:
    """Other fields of the detail do not matter."""
    data = {"email": EMAIL, "tenant": 7}
    created = Event(data, (Envelope("eventbridge", "eb-1", CREATED),))
    deleted = Event(data, (Envelope("eventbridge", "eb-1", "uk.spacemedia.signup.deleted"),))
    assert read(created) == Signup(EMAIL, Facts("canonical"))
    assert isinstance(found(deleted), NotInvited)


def test_detail_type_of_another_system_is_not_canonical() -> None:
    """Although the detail looks like a signup."""
    event = Event({"email": EMAIL}, (Envelope("eventbridge", "eb-1", "Person Left"),))
    assert announce_canonical(event) is None
