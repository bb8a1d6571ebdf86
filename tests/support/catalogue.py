"""A made-up system, added like any other: by one file."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from invites.explain import explain
from invites.reading.reader import SOURCES, MessageReader
from invites.reading.source_file import load_source, load_sources
from invites.reading.source_registry import SourceRegistry
from support.build import READER

# Somebody who joined, with an address that is not verified.
JOINED = {
    "what": "joined",
    "vendor": "made_up",
    "number": 7,
    "person": {"mail": "ada@example.test", "checked": False},
}
# Somebody whose address is verified; nobody else in it may be invited.
EVENT = {
    "what": "joined",
    "vendor": "made_up",
    "number": 17,
    "org": "northwind",
    "person": {"mail": " Ada@Example.TEST ", "team": "Design", "checked": "true"},
    "boss": {"mail": "boss@example.test"},
}
INVITES = [{"email": "ada@example.test", "roles": ["Artist"]}]
SOURCE = """
title = "Made-up HR"
docs = ["https://hr.example.test/docs"]

[[forms]]
name = "person"
type = "what"
unverified = "refuse"
[forms.marks]
what = true
vendor = "made_up"
[forms.types]
"joined" = "signup"
"seen" = "lookup: ask the directory"
"left*" = "ignore: the person has left"
[[forms.exceptions]]
when = "test_run"
then = "ignore: it is a test"
[forms.fields]
email = "person.mail"
login = "person.login"
event_id = "number"
tenant = "org || envelope.source"
department = "person.team"
groups = "person.groups[].name"
roles = "person.wish"
verified = "person.checked"

[[forms]]
name = "list"
like = "person"
each = "people.items"
[forms.marks]
people = true
vendor = "made_up list"
[forms.fields]
tenant = "parent.org"
"""


def add_source(folder: Path, name: str = "made_up", vendor: str = "made_up") -> Path:
    """Write the system's file under a name; its marks contain the vendor."""
    path = folder / f"{name}.toml"
    path.write_text(SOURCE.replace('"made_up', f'"{vendor}'), encoding="utf-8")
    return path


def reader_with(path: Path) -> MessageReader:
    """A reader that knows this source file beside those that come with the code."""
    shapes = (*load_sources(SOURCES), *load_source(path))
    return MessageReader(SourceRegistry(shapes), READER.rules)


def explained(reader: MessageReader, event: object) -> dict[str, Any]:
    """The explanation of an event."""
    return explain(json.dumps(event), reader)


def made_up_reader(*names: str) -> MessageReader:
    """A reader that knows the system under each of these names, and no other system."""
    with TemporaryDirectory() as folder:
        shapes = [shape for name in names for shape in load_source(add_source(Path(folder), name))]
    return MessageReader(SourceRegistry(shapes), READER.rules)


def many_sources_reader(count: int) -> MessageReader:
    """A reader that knows `count` systems, each by its vendor."""
    with TemporaryDirectory() as folder:
        for number in range(count):
            add_source(Path(folder), f"system_{number}", f"vendor {number}")
        return MessageReader(SourceRegistry(load_sources(Path(folder))), READER.rules)
