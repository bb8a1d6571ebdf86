"""invites.reading.source_event: an event of a system known by its file alone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from invites.reading.reader import MessageReader
from invites.rules.admission import Admission, AllowDenyList
from support.build import eventbridge
from support.catalogue import EVENT, INVITES, add_source, explained, reader_with


@pytest.fixture
def reader(tmp_path: Path) -> MessageReader:
    """With the new file beside those that come with the code."""
    return reader_with(add_source(tmp_path))


def test_event_of_a_system_known_by_a_file_alone_is_an_invite(reader: MessageReader) -> None:
    """With its origin, and what chose the roles."""
    found = explained(reader, EVENT)
    assert found["outcome"] == "invite"
    assert (found["source"], found["type"], found["invites"]) == ("made_up", "joined", INVITES)
    assert (found["tenant"], found["eventId"], found["rule"]) == ("northwind", "17", "default")


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
def test_everybody_else_is_ignored_on_purpose_or_rejected_with_a_reason(
    reader: MessageReader, change: Mapping[str, Any], outcome: str, reason: str
) -> None:
    """Nobody is silently dropped."""
    found = explained(reader, {**EVENT, **change})
    assert (found["outcome"], found["reason"], found["invites"]) == (outcome, reason, [])
    assert found["detail"]


def test_each_event_of_a_list_becomes_a_message_like_the_whole(reader: MessageReader) -> None:
    """And is read alike."""
    people = [
        {"what": "joined", "number": n, "person": {"mail": f"p{n}@example.test"}} for n in range(3)
    ]
    people.append({"what": "left", "number": 3})
    whole = {"vendor": "made_up list", "org": "north", "people": {"items": people, "page": 1}}
    found = explained(reader, eventbridge(whole))
    assert [invite["email"] for invite in found["invites"]] == [
        f"p{n}@example.test" for n in range(3)
    ]
    assert [part["outcome"] for part in found["parts"]] == ["invite"] * 3 + ["ignore"]
    assert {part["tenant"] for part in found["parts"]} == {"north"}
    assert {tuple(part["envelopes"]) for part in found["parts"]} == {("eventbridge",)}
    assert [part["eventId"] for part in found["parts"]] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        (None, "people.items is not a list"),
        ("x", "people.items is not a list"),
        ([], "people.items is an empty list"),
        ([{}, 7], r"people.items[1] is not a JSON object"),
    ],
)
def test_list_without_events_is_refused_and_named(
    reader: MessageReader, items: object, problem: str
) -> None:
    """It is refused, and the list is named."""
    found = explained(reader, {"vendor": "made_up list", "people": {"items": items}})
    assert (found["reason"], found["detail"]) == ("malformed_body", problem)


def test_event_of_a_tenant_that_is_shut_out_is_ignored_whatever_it_says(
    reader: MessageReader,
) -> None:
    """Of many events each is asked by itself."""
    admission = Admission(tenants=AllowDenyList(deny=frozenset({"north"})))
    closed = MessageReader(reader.registry, replace(reader.rules, admission=admission))
    event = {"what": "seen", "number": 1}
    listed = {"vendor": "made_up list", "org": "north", "people": {"items": [event, event]}}
    alone = explained(closed, {**event, "vendor": "made_up", "org": "north"})
    many = explained(closed, listed)
    assert (alone["outcome"], alone["reason"]) == ("ignore", "tenant_not_allowed")
    assert [part["reason"] for part in many["parts"]] == ["tenant_not_allowed"] * 2
    assert explained(reader, listed)["outcome"] == "reject"


def test_list_with_one_event_is_read_at_once(reader: MessageReader) -> None:
    """So is an object in the place of the list."""
    event = {"what": "joined", "number": 1, "person": {"mail": "ada@example.test"}}
    for items in ([event], event):
        whole = {"vendor": "made_up list", "people": {"items": items}}
        assert explained(reader, whole)["invites"] == INVITES


def test_message_that_would_become_gigabytes_of_messages_is_refused(reader: MessageReader) -> None:
    """A message that would become gigabytes of messages is refused."""
    items = [{"what": "left"}] * 5000
    whole = {"vendor": "made_up list", "x": "x" * 100_000, "people": {"items": items}}
    problem = "people.items would become messages of over 16 MiB in all"
    assert explained(reader, whole)["detail"] == problem
