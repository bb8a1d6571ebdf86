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


def test_signup_is_read_into_its_invite_with_its_origin() -> None:
    """Envelopes make no difference."""
    expected = ParsedMessage(Invite("person1@example.test", ("Artist",)), ORIGIN)
    assert READER.read(message(sns(signup())).body) == expected


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (cloud_event({}, "uk.spacemedia.signup.updated"), Code.NOT_A_SIGNUP),
        (cloud_event({"email": "ada@elsewhere.test"}), Code.DOMAIN_NOT_ALLOWED),
    ],
)
def test_what_is_no_signup_or_shut_out_is_ignored_with_its_origin(
    event: object, code: Code
) -> None:
    """On purpose, so it is no failure."""
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
def test_what_can_never_be_an_invite_is_a_stop_that_names_its_field(
    body: object, code: Code, detail: str, origin: Origin
) -> None:
    """The origin is kept as far as it is known."""
    reading = READER.read(message(body).body)
    assert isinstance(reading.content, Outcome)
    assert (reading.content.verdict, reading.content.code) == (Verdict.STOP, code)
    assert reading.content.detail.startswith(detail)
    assert reading.origin == origin


def test_list_is_read_into_its_parts() -> None:
    """Nobody in it is looked at."""
    events = [signup(1), {"prose": 1}]
    written = tuple(json.dumps(event, separators=(",", ":")).encode() for event in events)
    assert READER.read(message(events).body) == ParsedMessage(SplitEvents("body", written))


def test_unforeseen_error_is_a_retry_without_the_text_of_the_error() -> None:
    """The text may hold personal data."""
    rules = replace(READER.rules, unverified_refused=7)  # type: ignore[arg-type] # no set
    reading = MessageReader(READER.registry, rules).read(message(signup()).body)
    assert isinstance(reading.content, Outcome)
    assert (reading.content.verdict, reading.content.code) == (Verdict.RETRY, Code.INTERNAL_ERROR)
    assert reading.content.detail.startswith("TypeError at invite.py:")
    assert reading.origin == ORIGIN


@pytest.mark.parametrize("begin", DEEP.values(), ids=DEEP)
def test_body_that_is_just_not_too_deep_to_be_parsed_is_refused(begin: str) -> None:
    """Writing it goes a little deeper than parsing it; a retry would fail for a day."""
    limit = sys.getrecursionlimit()
    for depth in range(limit - 300, limit):
        body = begin + '{"a":' * depth + "1" + "}" * (depth + begin.count("{") - begin.count("}"))
        content = READER.read(body).content
        assert not isinstance(content, Outcome) or content.verdict is Verdict.STOP
        assert explain(body, READER)["reason"] != "internal_error"


def test_event_is_kept_for_the_dry_run_and_not_for_the_sender() -> None:
    """A parsed event can be 100 times as long as its text, and a batch has several."""
    body = json.dumps(sns(signup()))
    kept, read = READER.inspect(body), READER.read(body)
    assert kept.event
    assert kept.event.content == signup()
    assert (read.event, read.content, read.origin) == (None, kept.content, kept.origin)
    assert READER.inspect("prose").event is None
    assert READER.inspect(json.dumps([signup()])).event is None
