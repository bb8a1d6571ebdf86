"""invites.reading.canonical: whether an event is a signup at all, and who says so."""

import pytest

from invites.errors import Code
from invites.reading.canonical import CREATED, FIELDS, announce_canonical
from invites.reading.envelope import Envelope, Event
from invites.signup import UNKNOWN_ORIGIN, Facts, NotInvited, Origin, Signup
from support.build import cloud_event

EMAIL = "ada@example.test"
TOPIC = "arn:aws:sns:eu-west-2:123456789012:signups"


def read(event: Event) -> object:
    """Read an event of ours."""
    announcement = announce_canonical(event)
    assert announcement
    return announcement.read()


@pytest.mark.parametrize("kind", ["uk.spacemedia.signup.updated", CREATED + ".v2", CREATED + " "])
def test_an_event_of_the_family(kind: str) -> None:
    """An event about a signup that is no new one is ignored, whatever its data are."""
    ignored = read(Event(cloud_event([], kind, "evt-9")))
    assert isinstance(ignored, NotInvited)
    assert ignored.code is Code.NOT_A_SIGNUP


@pytest.mark.parametrize("kind", ["", "com.example.created", CREATED.upper()])
def test_another_type(kind: str) -> None:
    """An event of another type is rejected, not guessed at; its address is of no interest."""
    event = Event(cloud_event({"email": EMAIL}, kind))
    assert announce_canonical(event) is None


def test_the_data_alone() -> None:
    """An object of only known fields is a signup, whatever envelopes without a type it is in."""
    envelopes = (Envelope("sns", "outer"), Envelope("sns", None))
    data = {**dict.fromkeys(FIELDS, "x"), "email": EMAIL, "roles": ["Editor"], "groups": []}
    signup = read(Event(data, envelopes))
    assert isinstance(signup, Signup)
    assert (signup.email, signup.facts.roles, signup.facts.title) == (EMAIL, ("Editor",), "x")


def test_the_data_with_more_than_the_known_fields() -> None:
    """An object that may be anything is not taken for a signup because it has an address."""
    event = Event({"email": EMAIL, "action": "deleted"})
    assert announce_canonical(event) is None


def test_the_detail_type() -> None:
    """On EventBridge the detail-type says what the detail is, and other fields do not matter."""
    data = {"email": EMAIL, "tenant": 7}
    created = Event(data, (Envelope("eventbridge", "eb-1", CREATED),))
    deleted = Event(data, (Envelope("eventbridge", "eb-1", "uk.spacemedia.signup.deleted"),))
    assert read(created) == Signup(EMAIL, Facts("canonical"))
    assert isinstance(read(deleted), NotInvited)


def test_another_detail_type() -> None:
    """A detail-type of another system is rejected although the detail looks like a signup."""
    event = Event({"email": EMAIL}, (Envelope("eventbridge", "eb-1", "Person Left"),))
    assert announce_canonical(event) is None


def test_the_origin_of_a_cloud_event() -> None:
    """A CloudEvent says itself who it is of, whatever it came in."""
    envelopes = (Envelope("sns", "sns-1", source=TOPIC),)
    assert Event(cloud_event({}), envelopes).origin == Origin("evt-1", "/test")


def test_the_origin_of_the_data_alone() -> None:
    """The nearest envelope that says so is believed, for id and source each."""
    data = {"email": EMAIL}
    outer = Envelope("eventbridge", "eb-1", "kind", "com.example")
    inner = Envelope("sns", "sns-1")
    assert Event(data, (outer, inner)).origin == Origin("sns-1", "com.example")
    assert Event(data, (inner, outer)).origin == Origin("eb-1", "com.example")
    assert Event(data).origin == UNKNOWN_ORIGIN


@pytest.mark.parametrize("missing", ["id", "source", "specversion", "type"])
def test_the_origin_of_an_incomplete_event(missing: str) -> None:
    """What is no CloudEvent is not believed in part."""
    content = cloud_event({})
    del content[missing]
    assert Event(content).origin == UNKNOWN_ORIGIN


@pytest.mark.parametrize(
    ("origin", "sender"),
    [
        (Origin("1", "/hr"), "/hr"),
        (Origin("1", "/hr", "canonical"), "/hr"),
        (Origin("1", "northwind", "okta"), "okta"),
        (UNKNOWN_ORIGIN, None),
    ],
)
def test_the_sender(origin: Origin, sender: str | None) -> None:
    """Of a system's event the system, since the tenant alone says little to an operator."""
    assert origin.sender == sender
