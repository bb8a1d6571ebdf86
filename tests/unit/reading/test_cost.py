"""No body of 1 MiB takes long to read or to show, or much memory."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.build import READER
from support.cost import costs
from support.hostile import MESSAGE_BYTES, SLOW, stuffed, written
from support.mutation import Path, leaves, replaced
from support.samples import EVENTS, EXPECTED

MEBIBYTE = 1024 * 1024
# The function has a third of a CPU, and a batch has at most six such bodies.
READ_SECONDS, READ_MEMORY = 1.0, 100 * MEBIBYTE
# While somebody waits; and the function has 1,024 MB, for 80 letters besides.
SHOW_SECONDS, SHOW_MEMORY = 5.0, 256 * MEBIBYTE
MARK = "the filling"


def _stuffed_samples() -> Iterator[tuple[str, str]]:
    """Of each system its longest event, of which one list is filled up."""
    for system in sorted(READER.registry.systems):
        paths = [path for path in EVENTS.glob(f"{system}/*.json") if EXPECTED not in path.name]
        document = max((json.loads(path.read_text("utf-8")) for path in paths), key=_length)
        for place in _lists(document):
            some = replaced(document, place, [*_at(document, place)[:1], MARK])
            begin, _, end = written(some).partition(f'"{MARK}"')
            yield f"{system}: {place}", stuffed(begin, "{},", "{}" + end)


def _length(document: object) -> int:
    return len(list(leaves(document)))


def _lists(document: object) -> list[Path]:
    """Where lists are; of those that differ by an index only, the first."""
    places: dict[tuple[str, ...], Path] = {}
    for path, _ in leaves(document):
        for depth, key in enumerate(path):
            if isinstance(key, int):
                names = tuple(step for step in path[:depth] if isinstance(step, str))
                places.setdefault(names, path[:depth])
    return list(places.values())


def _at(document: Any, place: Path) -> Any:  # noqa: ANN401 - any JSON
    for key in place:
        document = document[key]
    return document


BODIES = SLOW | dict(_stuffed_samples())


@pytest.mark.parametrize(
    ("work", "seconds", "memory"),
    [("read", READ_SECONDS, READ_MEMORY), ("show", SHOW_SECONDS, SHOW_MEMORY)],
)
def test_no_body_of_a_mebibyte_costs_much(work: str, seconds: float, memory: int) -> None:
    """Whatever it is made of: it is read, or refused, or shown in part."""
    assert all(len(body.encode()) <= MESSAGE_BYTES for body in BODIES.values())
    found = dict(zip(BODIES, costs(work, list(BODIES.values())), strict=True))
    slow = {name: cost for name, cost in found.items() if cost.seconds > seconds}
    large = {name: cost for name, cost in found.items() if cost.memory > memory}
    assert (slow, large) == ({}, {})
