"""Many people in one message of a system known by its file alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from invites.reading.reader import MessageReader
from invites.rules.admission import Admission, AllowDenyList
from support.build import eventbridge
from support.catalogue import add_source, reader_with, told

INVITES = [{"email": "ada@example.test", "roles": ["Artist"]}]


@pytest.fixture
def reader(tmp_path: Path) -> MessageReader:
    """With the new file beside those that come with the code."""
    return reader_with(add_source(tmp_path))


def test_many_people(reader: MessageReader) -> None:
    """Each becomes a message that is like the whole, read alike."""
    people = [
        {"what": "joined", "number": n, "person": {"mail": f"p{n}@example.test"}} for n in range(3)
    ]
    people.append({"what": "left", "number": 3})
    whole = {"vendor": "made_up list", "org": "north", "people": {"items": people, "page": 1}}
    found = told(reader, eventbridge(whole))
    assert [one["email"] for one in found["invites"]] == [f"p{n}@example.test" for n in range(3)]
    assert [one["outcome"] for one in found["parts"]] == ["invite"] * 3 + ["ignore"]
    assert {one["tenant"] for one in found["parts"]} == {"north"}
    assert {tuple(one["envelopes"]) for one in found["parts"]} == {("eventbridge",)}
    assert [one["eventId"] for one in found["parts"]] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        (None, "people.items is not a list"),
        ("x", "people.items is not a list"),
        ([], "people.items is an empty list"),
        ([{}, 7], r"people.items[1] is not a JSON object"),
    ],
)
def test_no_list_of_people(reader: MessageReader, items: object, problem: str) -> None:
    """It is refused, and the list is named."""
    found = told(reader, {"vendor": "made_up list", "people": {"items": items}})
    assert (found["reason"], found["detail"]) == ("malformed_body", problem)


def test_whom_the_lists_shut_out(reader: MessageReader) -> None:
    """An event of theirs is ignored whatever it says; of many, each is asked by itself."""
    admission = Admission(tenants=AllowDenyList(deny=frozenset({"north"})))
    closed = MessageReader(reader.registry, replace(reader.rules, admission=admission))
    one = {"what": "seen", "number": 1}
    listed = {"vendor": "made_up list", "org": "north", "people": {"items": [one, one]}}
    alone = told(closed, {**one, "vendor": "made_up", "org": "north"})
    many = told(closed, listed)
    assert (alone["outcome"], alone["reason"]) == ("ignore", "tenant_not_allowed")
    assert [part["reason"] for part in many["parts"]] == ["tenant_not_allowed"] * 2
    assert told(reader, listed)["outcome"] == "reject"


def test_one_person_in_a_list(reader: MessageReader) -> None:
    """One element, or an object in the list's place, is read at once."""
    one = {"what": "joined", "number": 1, "person": {"mail": "ada@example.test"}}
    for items in ([one], one):
        whole = {"vendor": "made_up list", "people": {"items": items}}
        assert told(reader, whole)["invites"] == INVITES


def test_a_list_made_to_be_large(reader: MessageReader) -> None:
    """A message that would become gigabytes of messages is refused."""
    items = [{"what": "left"}] * 5000
    whole = {"vendor": "made_up list", "x": "x" * 100_000, "people": {"items": items}}
    problem = "people.items would become messages of over 16 MiB in all"
    assert told(reader, whole)["detail"] == problem
