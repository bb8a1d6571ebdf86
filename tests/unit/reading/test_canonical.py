"""invites.reading.canonical: the data of a signup."""

import pytest

from invites.errors import Code, RejectedError
from invites.reading.canonical import announce_canonical
from invites.reading.envelope import Event
from invites.signup import Facts, Signup
from support.build import cloud_event, cloud_event_base64

EMAIL = "ada@example.test"


def facts(*roles: str) -> Facts:
    """Those of an event that says no more than which roles it asks for."""
    return Facts("canonical", "/test", roles=roles)


def read(event: Event) -> Signup:
    """Read a signup."""
    announcement = announce_canonical(event)
    assert announcement
    signup = announcement.read()
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
def test_roles(roles: object, asked: tuple[str, ...]) -> None:
    """Roles are trimmed, and each is asked for once, in the event's order."""
    event = Event(cloud_event({"email": EMAIL, "roles": roles}))
    assert read(event) == Signup(EMAIL, facts(*asked))


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
def test_data_that_is_no_object(content: dict[str, object], field: str) -> None:
    """The signup's own data must be an object."""
    assert rejection(Event(content)) == (Code.MALFORMED_BODY, field)


def test_null_in_base64_is_no_data() -> None:
    """A producer that writes both fields, one of them null, means the other."""
    event = Event({**cloud_event({"email": EMAIL}), "data_base64": None})
    assert read(event) == Signup(EMAIL, facts())


@pytest.mark.parametrize("attribute", ["specversion", "source", "id", "data"])
@pytest.mark.parametrize("value", [None, 7])
def test_what_a_cloud_event_lacks(attribute: str, value: object) -> None:
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
def test_roles_that_no_ledger_could_hold(roles: list[str]) -> None:
    """They are refused as what they are, and do not look like a failure of the ledger."""
    with pytest.raises(RejectedError, match=r"data\.roles"):
        read(Event(cloud_event({"email": "ada@example.test", "roles": roles})))


@pytest.mark.parametrize(
    ("field", "value"),
    [("department", 7), ("title", ["a"]), ("employee_type", {}), ("name", 1), ("groups", "a")],
)
def test_a_fact_of_another_type(field: str, value: object) -> None:
    """What a rule would look at is named if it is not what it should be."""
    event = Event(cloud_event({"email": EMAIL, field: value}))
    assert rejection(event) == (Code.MALFORMED_BODY, f"data.{field}")


def test_facts() -> None:
    """What rules look at is read as it is."""
    data = {"department": "Design", "title": "Lead", "employee_type": "staff", "groups": ["a", "b"]}
    signup = read(Event(cloud_event({"email": EMAIL, "name": "Ada", "roles": None, **data})))
    read_facts = Facts("canonical", "/test", "Design", "Lead", "staff", ("a", "b"))
    assert signup.facts == read_facts
