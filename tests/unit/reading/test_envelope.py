"""invites.reading.envelope: what is taken off, what is left, and where it comes from."""

import itertools
import json
from collections.abc import Callable

import pytest

from invites.errors import Code, RejectedError
from invites.reading.envelope import MAX_ENVELOPES, Envelope, Event, unwrap
from invites.signup import UNKNOWN_ORIGIN, Origin
from support.build import cloud_event, cloud_event_base64, eventbridge, signup, sns

Wrapper = Callable[[object], object]


def as_cloud_event(inner: object) -> object:
    """Wrap in a CloudEvent of another type."""
    return cloud_event(inner, "com.example.wrapped", "ce-1")


WRAPPERS: dict[str, Wrapper] = {
    "sns": sns,
    "eventbridge": eventbridge,
    "cloudevents": as_cloud_event,
}
CHAINS = [chain for length in (1, 2, 3) for chain in itertools.product(WRAPPERS, repeat=length)]


def event_of(body: object) -> Event:
    """Unwrap what is one event."""
    event = unwrap(json.dumps(body))
    assert isinstance(event, Event)
    return event


def rejection(body: object) -> tuple[Code, str]:
    """Unwrap what must be rejected; give the code and the text."""
    with pytest.raises(RejectedError) as caught:
        unwrap(body if isinstance(body, str) else json.dumps(body))
    return caught.value.code, str(caught.value)


@pytest.mark.parametrize("chain", CHAINS, ids=">".join)
def test_envelopes_are_taken_off_in_whatever_order_they_nest(chain: tuple[str, ...]) -> None:
    """Up to three deep."""
    body: object = signup()
    for name in reversed(chain):
        body = WRAPPERS[name](body)
    event = event_of(body)
    assert event.content == signup()
    assert tuple(envelope.kind for envelope in event.envelopes) == chain


def test_what_each_envelope_says_is_kept_outermost_first() -> None:
    """The ids and types of the envelopes are kept, outermost first."""
    event = event_of(sns(eventbridge(as_cloud_event(signup()))))
    assert event.envelopes == (
        Envelope("sns", "sns-1", source="arn:aws:sns:eu-west-2:123456789012:signups"),
        Envelope("eventbridge", "eb-1", "com.example.forwarded", "com.example"),
        Envelope("cloudevents", "ce-1", "com.example.wrapped", "/test"),
    )


@pytest.mark.parametrize("layers", [1, 3])
def test_cloud_event_may_hold_another_in_base64(layers: int) -> None:
    """A CloudEvent may carry its data in base64, also when that is another CloudEvent."""
    body = signup()
    for _ in range(layers):
        body = cloud_event_base64(json.dumps(body).encode(), "com.example.wrapped")
    event = event_of(body)
    assert (event.content, len(event.envelopes)) == (signup(), layers)


def test_data_that_is_json_as_text_is_read_as_an_object() -> None:
    """Data that is JSON in a string is read as the object that it is."""
    event = event_of(as_cloud_event(json.dumps(signup())))
    assert (event.content, len(event.envelopes)) == (signup(), 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "person@example.test"},
        {"Type": "Notification", "Message": "{}"},
        {"Type": "Other", "TopicArn": "arn", "Message": "{}"},
        {"detail-type": "x", "source": "y", "detail": "text"},
        {"detail-type": "x", "detail": {}},
        {"detail": {}, "source": "y"},
        {"specversion": "1.0", "type": "x", "source": "y", "data": {"specversion": "1.0"}},
        signup(),
        cloud_event([1], "com.example.other"),
        cloud_event(None, "com.example.other"),
        {**cloud_event(None, "com.example.other"), "data_base64": "no base64"},
        {**cloud_event(signup(), "com.example.other"), "data_base64": "e30="},
    ],
)
def test_what_lacks_a_sign_of_an_envelope_is_the_event_itself(body: dict[str, object]) -> None:
    """What lacks a mark of an envelope is the event itself."""
    event = event_of(body)
    assert (event.content, event.envelopes) == (body, ())


def test_chain_longer_than_any_producers_is_rejected() -> None:
    """A chain longer than any producer's is rejected, not followed for ever."""
    body: object = signup()
    for _ in range(MAX_ENVELOPES):
        body = eventbridge(body)
    assert len(event_of(body).envelopes) == MAX_ENVELOPES
    expected = (Code.MALFORMED_BODY, f"body has over {MAX_ENVELOPES} envelopes")
    assert rejection(eventbridge(body)) == expected


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("null", "body is not a JSON object"),
        ('"text"', "body is not a JSON object"),
        ("{" * 100_000, "body is not JSON"),
        ("[" * 100_000, "body is nested too deeply"),
        ('{"email": NaN}', "body holds NaN, which JSON does not know"),
        ({**sns({}), "Message": "prose"}, "Message is not JSON"),
        ({**sns({}), "Message": None}, "Message is not text"),
        ({**sns({}), "Message": {"a": 1}}, "Message is not text"),
        ({**sns({}), "Message": "[" * 100_000}, "Message is nested too deeply"),
        ({**sns({}), "Message": '{"a": 1, "a": 2}'}, "Message holds the same key twice"),
        (sns("a"), "Message is not a JSON object"),
        (as_cloud_event({**sns({}), "Message": "prose"}), "Message is not JSON"),
    ],
)
def test_what_cannot_be_read_is_rejected_by_the_name_of_its_field(
    body: object, problem: str
) -> None:
    """What cannot be read is rejected with the name of the field that is at fault."""
    code, text = rejection(body)
    assert code is Code.MALFORMED_BODY
    assert text.startswith(problem)


def test_base64_of_bytes_that_are_no_text_makes_no_envelope() -> None:
    """Bytes that are no text make no envelope, and do not crash."""
    assert event_of(cloud_event_base64(b'{"a": "\xff"}', "x")).envelopes == ()


def test_cloud_event_is_its_own_origin() -> None:
    """Whatever it came in."""
    envelopes = (Envelope("sns", "sns-1", source="arn:aws:sns:eu-west-2:123456789012:signups"),)
    assert Event(cloud_event({}), envelopes).origin == Origin("evt-1", "/test")


def test_other_events_have_the_origin_of_the_nearest_envelope() -> None:
    """For id and source each."""
    data = {"email": "ada@example.test"}
    outer = Envelope("eventbridge", "eb-1", "kind", "com.example")
    inner = Envelope("sns", "sns-1")
    assert Event(data, (outer, inner)).origin == Origin("sns-1", "com.example")
    assert Event(data, (inner, outer)).origin == Origin("eb-1", "com.example")
    assert Event(data).origin == UNKNOWN_ORIGIN


@pytest.mark.parametrize("missing", ["id", "source", "specversion", "type"])
def test_incomplete_cloud_event_is_no_origin(missing: str) -> None:
    """What is no CloudEvent is not believed in part."""
    content = cloud_event({})
    del content[missing]
    assert Event(content).origin == UNKNOWN_ORIGIN
