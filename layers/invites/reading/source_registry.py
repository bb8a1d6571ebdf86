"""The catalogue of all forms: which of them an event is of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.envelope import Envelope, Event, cloud_event_data, is_cloud_event
from invites.reading.event_shape import EventShape

_WILDCARDS = frozenset("*?[")
# What shares fewer marks with a form only has a key of a common name.
MIN_SHARE = 1 / 2


@dataclass(frozen=True, slots=True)
class ClosestMatch:
    """The form that an event comes closest to, and the marks of it that it lacks."""

    shape: EventShape
    missing: tuple[str, ...]


class SourceRegistry:
    """All forms, found by a cheap mark: a key that the event has, and the text under it.

    So what an event costs depends on its keys, and on the forms that share them; not on how many
    forms there are.

    Args:
        shapes: In any order.
    """

    def __init__(self, shapes: Sequence[EventShape]) -> None:
        self.shapes = tuple(shapes)
        self._by_key: dict[str, list[EventShape]] = defaultdict(list)
        self._by_text: dict[tuple[str, str], list[EventShape]] = defaultdict(list)
        for form in shapes:
            self._enter(form)

    @property
    def systems(self) -> frozenset[str]:
        """The names of all systems."""
        return frozenset(form.system for form in self.shapes)

    def recognise(self, event: Event) -> tuple[EventShape, Event]:
        """Say of which form an event is.

        Returns:
            The form, and the event itself; or the one within, where the event is a CloudEvent
            that somebody has put around another.

        Raises:
            RejectedError: `unrecognised_event`, or `ambiguous_source` where two forms match.
        """
        for candidate in (event, *_within(event)):
            found = self._matches(document_of(candidate))
            if len(found) > 1:
                names = " and ".join(f"{one.system} ({one.name})" for one in found)
                raise RejectedError(Code.AMBIGUOUS_SOURCE, "body", f"could be of {names}")
            if found:
                return found[0], candidate
        raise RejectedError(
            Code.UNRECOGNISED_EVENT, "body", _unrecognised(self.closest_match(event))
        )

    def closest_match(self, event: Event) -> ClosestMatch | None:
        """The form of which an event has the most marks, at least half of them; None if of none."""
        document = document_of(event)
        best, share = None, 0.0
        for form in self.shapes:
            signs = [mark for mark in form.matches if not mark.is_absence]
            missing = [mark for mark in signs if not mark.holds(document)]
            held = 1 - len(missing) / len(signs)
            if held > share and held >= MIN_SHARE:
                best, share = (
                    ClosestMatch(form, tuple(one.expression.text for one in missing)),
                    held,
                )
        return best

    def candidates(self, document: dict[str, Any]) -> Iterator[EventShape]:
        """The forms that an event may be of, by its keys; one may come twice."""
        envelope = document["envelope"].items()
        for key, value in chain(
            document.items(), ((f"envelope.{key}", value) for key, value in envelope)
        ):
            yield from self._by_key.get(key, ())
            if isinstance(value, str):
                yield from self._by_text.get((key, value), ())

    def _matches(self, document: dict[str, Any]) -> list[EventShape]:
        candidates = dict.fromkeys(self.candidates(document))
        return [form for form in candidates if all(mark.holds(document) for mark in form.matches)]

    def _enter(self, form: EventShape) -> None:
        """Enter a form under the mark that fits the fewest events."""
        for mark in form.matches:
            path = mark.expression.plain_path
            is_shallow = path and path.removeprefix("envelope.").count(".") == 0
            if path and is_shallow and mark.patterns and not _has_wildcard(mark.patterns):
                for text in mark.patterns:
                    self._by_text[path, text].append(form)
                return
        signs = (mark for mark in form.matches if not mark.is_absence)
        roots = [mark.expression.root for mark in signs if mark.expression.root]
        # Every event has an envelope, if only an empty one.
        self._by_key[min(roots, key=lambda root: root == "envelope")].append(form)


def document_of(event: Event) -> dict[str, Any]:
    """What expressions look at: the event's content, and under `envelope` what was around it."""
    nearest: list[Envelope] = list(reversed(event.envelopes))
    envelope = {
        "id": next((one.id for one in nearest if one.id), None),
        "type": next((one.type for one in nearest if one.type), None),
        "source": next((one.source for one in nearest if one.source), None),
    }
    return {**event.content, "envelope": envelope}


def _within(event: Event) -> Iterator[Event]:
    """The event in a CloudEvent's data, if it is one."""
    content = event.content
    if not is_cloud_event(content):
        return
    try:
        data = cloud_event_data(content)
    except RejectedError:
        return  # so there is no event in it
    if data is not None:
        around = Envelope("cloudevents", content["id"], content["type"], content["source"])
        yield Event(data, (*event.envelopes, around))


def _has_wildcard(patterns: Iterable[str]) -> bool:
    return any(_WILDCARDS & set(pattern) for pattern in patterns)


def _unrecognised(near: ClosestMatch | None) -> str:
    if near is None:
        return "is an event of no system that is known here"
    missing = ", ".join(near.missing)
    return f"comes closest to {near.shape.system} ({near.shape.name}), but not in {missing}"
