"""All event shapes, and which of them an event has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.envelope import Envelope, Event, cloud_event_data
from invites.reading.event_shape import EventShape

_WILDCARDS = frozenset("*?[")
# An event with a smaller share of a shape's matches only has a key of a common name.
MIN_SHARE = 1 / 2


@dataclass(frozen=True, slots=True)
class ClosestMatch:
    """The shape that an event comes closest to, and the matches that fail, as expressions."""

    shape: EventShape
    missing: tuple[str, ...]


class SourceRegistry:
    """All shapes, indexed by a key of the event, or by a key and the text under it.

    The cost of an event grows with its keys and with the shapes that share them, not with the
    number of shapes.

    Args:
        shapes: In any order.
    """

    def __init__(self, shapes: Sequence[EventShape]) -> None:
        self.shapes = tuple(shapes)
        self._by_key: dict[str, list[EventShape]] = defaultdict(list)
        self._by_text: dict[tuple[str, str], list[EventShape]] = defaultdict(list)
        for shape in shapes:
            self._enter(shape)

    @property
    def systems(self) -> frozenset[str]:
        """The names of all systems."""
        return frozenset(shape.system for shape in self.shapes)

    def recognise(self, event: Event) -> tuple[EventShape, Event]:
        """Find the shape of an event.

        Returns:
            The shape, and the event that has it: the given one, or the one in its data if the
            given one is a CloudEvent that a producer has put around a system's event.

        Raises:
            RejectedError: `unrecognised_event`, or `ambiguous_source` where two shapes match.
        """
        for candidate in (event, *_within(event)):
            found = self._matching(candidate.document)
            if len(found) > 1:
                names = " and ".join(f"{shape.system} ({shape.name})" for shape in found)
                raise RejectedError(Code.AMBIGUOUS_SOURCE, "body", f"could be of {names}")
            if found:
                return found[0], candidate
        raise RejectedError(
            Code.UNRECOGNISED_EVENT, "body", _unrecognised(self.closest_match(event))
        )

    def closest_match(self, event: Event) -> ClosestMatch | None:
        """The shape with the largest share of matches that hold; None if no share is a half."""
        best, best_share = None, 0.0
        for shape in self.shapes:
            signs = shape.signs
            missing = [match for match in signs if not match.holds(event.document)]
            share = 1 - len(missing) / len(signs)
            if share > best_share and share >= MIN_SHARE:
                names = tuple(match.expression.text for match in missing)
                best, best_share = ClosestMatch(shape, names), share
        return best

    def candidates(self, document: dict[str, Any]) -> Iterator[EventShape]:
        """The shapes that an event can have, by its keys; a shape may come twice."""
        envelope = document["envelope"].items()
        for key, value in chain(
            document.items(), ((f"envelope.{key}", value) for key, value in envelope)
        ):
            yield from self._by_key.get(key, ())
            if isinstance(value, str):
                yield from self._by_text.get((key, value), ())

    def _matching(self, document: dict[str, Any]) -> list[EventShape]:
        candidates = dict.fromkeys(self.candidates(document))
        return [
            shape for shape in candidates if all(match.holds(document) for match in shape.matches)
        ]

    def _enter(self, shape: EventShape) -> None:
        """Enter a shape under the match that fits the fewest events."""
        for match in shape.matches:
            path = match.expression.plain_path
            is_shallow = path and path.removeprefix("envelope.").count(".") == 0
            if path and is_shallow and match.patterns and not _has_wildcard(match.patterns):
                for text in match.patterns:
                    self._by_text[path, text].append(shape)
                return
        roots = [match.expression.root for match in shape.signs if match.expression.root]
        # Every event has an envelope, if only an empty one.
        self._by_key[min(roots, key=lambda root: root == "envelope")].append(shape)


def _within(event: Event) -> Iterator[Event]:
    """The object in a CloudEvent's data, if there is one."""
    if not event.is_cloud_event:
        return
    content = event.content
    try:
        data = cloud_event_data(content)
    except RejectedError:
        return  # so there is no event in it
    if data is not None:
        around = Envelope("cloudevents", content["id"], content["type"], content["source"])
        yield Event(data, (*event.envelopes, around))


def _has_wildcard(patterns: Iterable[str]) -> bool:
    return any(_WILDCARDS & set(pattern) for pattern in patterns)


def _unrecognised(closest: ClosestMatch | None) -> str:
    if closest is None:
        return "is an event of no system that is known here"
    missing = ", ".join(closest.missing)
    return f"comes closest to {closest.shape.system} ({closest.shape.name}), but not in {missing}"
