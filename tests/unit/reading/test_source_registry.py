"""A system that nobody has heard of, known by one file: recognised, read, split, explained."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from invites.reading.envelope import Event
from invites.reading.reader import MessageReader
from support.build import READER, eventbridge, sns
from support.catalogue import add_source, made_up_reader, many_sources_reader, reader_with, told

EVENT = {
    "what": "joined",
    "vendor": "made_up",
    "number": 17,
    "org": "northwind",
    "person": {"mail": " Ada@Example.TEST ", "team": "Design", "checked": "true"},
    "boss": {"mail": "boss@example.test"},
}
INVITES = [{"email": "ada@example.test", "roles": ["Artist"]}]


@pytest.fixture
def reader(tmp_path: Path) -> MessageReader:
    """With the new file beside those that come with the code."""
    return reader_with(add_source(tmp_path))


def test_a_person(reader: MessageReader) -> None:
    """Whose event it is, whom it is about, and what chose the roles."""
    found = told(reader, EVENT)
    assert found["outcome"] == "invite"
    assert (found["source"], found["type"], found["invites"]) == ("made_up", "joined", INVITES)
    assert (found["tenant"], found["eventId"], found["rule"]) == ("northwind", "17", "default")


@pytest.mark.parametrize("wrap", [sns, eventbridge, lambda one: sns(eventbridge(one))])
def test_in_envelopes(reader: MessageReader, wrap: Any) -> None:  # noqa: ANN401 - any of them
    """What is around it does not matter."""
    assert told(reader, wrap(EVENT))["invites"] == INVITES


@pytest.mark.parametrize("coded", [False, True])
def test_in_a_cloud_event(reader: MessageReader, coded: bool) -> None:
    """A producer that puts the vendor's event into a CloudEvent is understood."""
    attributes = {"specversion": "1.0", "type": "hr.event", "source": "/hr", "id": "7"}
    data = json.dumps(EVENT) if coded else EVENT
    found = told(reader, {**attributes, "data": data})
    assert (found["source"], found["invites"]) == ("made_up", INVITES)


@pytest.mark.parametrize(
    ("change", "outcome", "reason"),
    [
        ({"what": "left the company"}, "ignore", "not_a_signup"),
        ({"test_run": True}, "ignore", "not_a_signup"),
        ({"what": "seen"}, "reject", "needs_lookup"),
        ({"what": "promoted"}, "reject", "unrecognised_event"),
        ({"what": 7}, "reject", "unrecognised_event"),
        ({"person": None}, "reject", "missing_email"),
        ({"person": {"login": "ada"}}, "reject", "needs_lookup"),
        ({"person": {"mail": "ada"}}, "reject", "invalid_email"),
        (
            {"person": {"mail": "ada@example.test", "checked": "False"}},
            "reject",
            "unverified_email",
        ),
        ({"vendor": "made up"}, "reject", "unrecognised_event"),
    ],
)
def test_whom_nothing_is_sent_to(
    reader: MessageReader, change: Mapping[str, Any], outcome: str, reason: str
) -> None:
    """Ignored on purpose, or a dead letter with its reason; never silently dropped."""
    found = told(reader, {**EVENT, **change})
    assert (found["outcome"], found["reason"], found["invites"]) == (outcome, reason, [])
    assert found["detail"]


def test_what_comes_close(reader: MessageReader) -> None:
    """The form that an event nearly is of, and what it lacks, is told."""
    found = told(reader, {**EVENT, "vendor": "made-up"})
    near = {"source": "made_up", "form": "person", "missing": ("vendor",)}
    assert found["nearest"] == near
    assert found["detail"] == "body comes closest to made_up (person), but not in vendor"


def test_two_systems_that_match() -> None:
    """It is never guessed which of them it is."""
    found = told(made_up_reader("one", "two"), EVENT)
    assert (found["outcome"], found["reason"]) == ("reject", "ambiguous_source")
    assert found["detail"] == "body could be of one (person) and two (person)"


def test_the_nearest_of_nothing() -> None:
    """An event without any mark of any form is near none."""
    assert READER.registry.closest_match(Event({"a": 1})) is None


@pytest.mark.parametrize("count", [10, 200])
def test_many_sources(count: int) -> None:
    """However many there are, an event is held against the forms of its vendor alone."""
    reader = many_sources_reader(count)
    event = {**EVENT, "vendor": "vendor 7"}
    assert told(reader, event)["source"] == "system_7"
    candidates = reader.registry.candidates(Event(event).document)
    assert [(form.system, form.name) for form in candidates] == [("system_7", "person")]
