"""One message about many people: each becomes a message of its own."""

import json
from collections.abc import Sequence
from typing import Any

from invites.envelope import Event
from invites.errors import Code, RejectedError
from invites.parts import Parts, split_list
from invites.recognition.form import Form

# What a part repeats of the whole, times the parts. A message made to be large fails by it; the
# largest that a system is known to send has some hundred parts of some kilobytes.
MOST_CHARACTERS = 64 * 1024 * 1024


def elements(form: Form, event: Event) -> list[dict[str, Any]]:
    """The events in an event's list, or the whole where the form has none.

    An object where a list should be is its only element: some shippers send one at a time.

    Raises:
        RejectedError: `malformed_body`, naming the list or its element.
    """
    if not form.each:
        return [event.content]
    field = ".".join(form.each)
    found: Any = event.content
    for key in form.each:
        found = found.get(key) if isinstance(found, dict) else None
    items = [found] if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise RejectedError(Code.MALFORMED_BODY, field, "is not a list")
    if not items:
        raise RejectedError(Code.MALFORMED_BODY, field, "is an empty list")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise RejectedError(Code.MALFORMED_BODY, f"{field}[{index}]", "is not a JSON object")
    return items


def split(form: Form, event: Event, items: list[dict[str, Any]]) -> Parts:
    """Each element as a message that is like the whole, but has only that element in its list.

    So a part is recognised as the whole was, and whoever finds it in a queue can tell what it is.

    Raises:
        RejectedError: `malformed_body`, for more than a message may become.
    """
    field = ".".join(form.each)
    rest = len(json.dumps(_narrowed(event.content, form.each, [])))
    if rest * len(items) > MOST_CHARACTERS:
        raise RejectedError(Code.MALFORMED_BODY, field, "holds too many events of such a length")
    return split_list(
        [_in_envelope(event, _narrowed(event.content, form.each, [one])) for one in items], field
    )


def _narrowed(content: dict[str, Any], keys: Sequence[str], items: list[Any]) -> dict[str, Any]:
    """The content with another list."""
    first, *others = keys
    return {**content, first: _narrowed(content[first], others, items) if others else items}


def _in_envelope(event: Event, content: dict[str, Any]) -> dict[str, Any]:
    """The content as EventBridge would send it, if it came that way: its source is the tenant."""
    for envelope in reversed(event.envelopes):
        if envelope.kind == "eventbridge":
            head = {"id": envelope.id, "detail-type": envelope.type, "source": envelope.source}
            return {**head, "detail": content}
    return content
