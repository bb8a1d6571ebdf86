"""invites.reading.source_registry: which of the known shapes an event has."""

import json
from pathlib import Path
from typing import Any

import pytest

from invites.reading.envelope import Event
from invites.reading.reader import MessageReader
from support.build import READER, eventbridge, sns
from support.catalogue import (
    EVENT,
    INVITES,
    add_source,
    explained,
    made_up_reader,
    many_sources_reader,
    reader_with,
)


@pytest.fixture
def reader(tmp_path: Path) -> MessageReader:
    """With the new file beside those that come with the code."""
    return reader_with(add_source(tmp_path))


@pytest.mark.parametrize("wrap", [sns, eventbridge, lambda event: sns(eventbridge(event))])
def test_system_is_recognised_in_any_envelope(reader: MessageReader, wrap: Any) -> None:  # noqa: ANN401 - any of them
    """What is around it does not matter."""
    assert explained(reader, wrap(EVENT))["invites"] == INVITES


@pytest.mark.parametrize("coded", [False, True])
def test_system_is_recognised_in_a_producers_cloud_event(
    reader: MessageReader, coded: bool
) -> None:
    """A producer that puts the vendor's event into a CloudEvent is understood."""
    attributes = {"specversion": "1.0", "type": "hr.event", "source": "/hr", "id": "7"}
    data = json.dumps(EVENT) if coded else EVENT
    found = explained(reader, {**attributes, "data": data})
    assert (found["source"], found["invites"]) == ("made_up", INVITES)


def test_unrecognised_event_names_the_closest_shape_and_what_it_lacks(
    reader: MessageReader,
) -> None:
    found = explained(reader, {**EVENT, "vendor": "made-up"})
    near = {"source": "made_up", "form": "person", "missing": ("vendor",)}
    assert found["nearest"] == near
    assert found["detail"] == "body comes closest to made_up (person), but not in vendor"


def test_event_of_two_systems_is_rejected_and_not_guessed_at() -> None:
    found = explained(made_up_reader("one", "two"), EVENT)
    assert (found["outcome"], found["reason"]) == ("reject", "ambiguous_source")
    assert found["detail"] == "body could be of one (person) and two (person)"


def test_event_without_any_sign_is_close_to_no_shape() -> None:
    """An event without any mark of any form is near none."""
    assert READER.registry.closest_match(Event({"a": 1})) is None


@pytest.mark.parametrize("count", [10, 200])
def test_event_is_held_against_the_shapes_of_its_vendor_alone(count: int) -> None:
    """However many sources there are."""
    reader = many_sources_reader(count)
    event = {**EVENT, "vendor": "vendor 7"}
    assert explained(reader, event)["source"] == "system_7"
    candidates = reader.registry.candidates(Event(event).document)
    assert [(form.system, form.name) for form in candidates] == [("system_7", "person")]
