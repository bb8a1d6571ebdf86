"""invites.reading.reader."""

import json
import sys
from dataclasses import replace

import pytest

from invites.errors import Code
from invites.explain import explain
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from invites.reading.canonical import CREATED
from invites.reading.reader import MessageReader, ParsedMessage
from invites.reading.splitting import SplitEvents
from invites.signup import UNKNOWN_ORIGIN, Origin
from support.build import READER, STAGING, cloud_event, eventbridge, message, signup, sns

# Of a Google event, whose id is written as text; and of a list, which each part repeats.
DEEP = {
    "an id": '{"kind":"admin#reports#activity","events":[{"name":"CREATE_USER"}],'
    '"id":{"applicationName":"admin","time":"now","uniqueQualifier":',
    "beside a list": '{"employees":[{"action":"Created","id":1,"timestamp":1},{}],"rest":',
}
ORIGIN = Origin("evt-1", "/test", "canonical", CREATED, CREATED)
NOT_OURS = Origin("evt-1", "/test")


def test_an_invite() -> None:
    """A signup is read into the invite that comes of it, with its origin."""
    expected = ParsedMessage(Invite("person1@example.test", ("Artist",)), ORIGIN)
    assert READER.read(message(sns(signup())).body) == expected


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (cloud_event({}, "uk.spacemedia.signup.updated"), Code.NOT_A_SIGNUP),
        (cloud_event({"email": "ada@elsewhere.test"}), Code.DOMAIN_NOT_ALLOWED),
    ],
)
def test_ignored(event: object, code: Code) -> None:
    """What is nobody's signup, or shut out, says so and is done."""
    reading = STAGING.read(message(event).body)
    assert isinstance(reading.content, Outcome)
    assert (reading.content.verdict, reading.content.code) == (Verdict.IGNORED, code)
    assert (reading.origin.event_id, reading.origin.source) == ("evt-1", "/test")


@pytest.mark.parametrize(
    ("body", "code", "detail", "origin"),
    [
        ("prose", Code.MALFORMED_BODY, "body is not JSON", UNKNOWN_ORIGIN),
        (cloud_event({}), Code.MISSING_EMAIL, "data.email is missing", ORIGIN),
        (cloud_event({"email": "x"}), Code.INVALID_EMAIL, "data.email is not an e-mail", ORIGIN),
        (cloud_event({}, "other"), Code.UNRECOGNISED_EVENT, "body is an", NOT_OURS),
        (
            eventbridge({"name": 1}),
            Code.UNRECOGNISED_EVENT,
            "body is an event of no system",
            Origin("eb-1", "com.example"),
        ),
    ],
)
def test_rejected(body: object, code: Code, detail: str, origin: Origin) -> None:
    """What can never become an invite is a stop that names its field; its origin as far known."""
    reading = READER.read(message(body).body)
    assert isinstance(reading.content, Outcome)
    assert (reading.content.verdict, reading.content.code) == (Verdict.STOP, code)
    assert reading.content.detail.startswith(detail)
    assert (reading.origin, reading.is_known_stop) == (origin, False)


def test_many_people() -> None:
    """A list is read into its parts, not into its people."""
    events = [signup(1), {"prose": 1}]
    written = tuple(json.dumps(event, separators=(",", ":")).encode() for event in events)
    assert READER.read(message(events).body) == ParsedMessage(SplitEvents("body", written))


def test_a_fault_of_our_own() -> None:
    """An error that nobody foresaw is a retry of this message, told without its text."""
    rules = replace(READER.rules, unverified_refused=7)  # type: ignore[arg-type] # no set
    reading = MessageReader(READER.registry, rules).read(message(signup()).body)
    assert isinstance(reading.content, Outcome)
    assert (reading.content.verdict, reading.content.code) == (Verdict.RETRY, Code.INTERNAL_ERROR)
    assert reading.content.detail.startswith("TypeError at invite.py:")
    assert reading.origin == ORIGIN


@pytest.mark.parametrize("begin", DEEP.values(), ids=DEEP)
def test_what_is_parsed_and_too_deep_for_the_rest_is_refused(begin: str) -> None:
    """It is no fault of ours, to be tried again for a day: writing it goes a little deeper."""
    limit = sys.getrecursionlimit()
    for depth in range(limit - 300, limit):
        body = begin + '{"a":' * depth + "1" + "}" * (depth + begin.count("{") - begin.count("}"))
        content = READER.read(body).content
        assert not isinstance(content, Outcome) or content.verdict is Verdict.STOP
        assert explain(body, READER)["reason"] != "internal_error"
