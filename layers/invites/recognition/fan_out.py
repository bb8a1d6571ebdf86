"""One message about many people: each becomes a message of its own."""

from collections.abc import Sequence
from typing import Any

from invites.envelope import Event
from invites.errors import Code, RejectedError
from invites.parts import Parts, as_events, compact, split_list
from invites.recognition.form import Form


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
    return as_events(items, field)


def split(form: Form, event: Event, items: list[dict[str, Any]]) -> Parts:
    """Each element as a message that is like the whole, but has only that element in its list.

    So a part is recognised as the whole was, and whoever finds it in a queue can tell what it is.

    Raises:
        RejectedError: `malformed_body`, for more than a message may become.
    """
    before, after = _opening(event.content, form.each) + "[", "]" + "}" * len(form.each)
    for envelope in reversed(event.envelopes):
        if envelope.kind == "eventbridge":
            # As EventBridge would send it: its source is the tenant.
            head = {"id": envelope.id, "detail-type": envelope.type, "source": envelope.source}
            before, after = _opening(head, ["detail"]) + before, after + "}"
            break
    return split_list(items, ".".join(form.each), before, after)


def _opening(content: dict[str, Any], keys: Sequence[str]) -> str:
    """The content as JSON, up to the value that these keys lead to, which comes last."""
    opening = ""
    for key in keys:
        rest = {name: value for name, value in content.items() if name != key}
        opening += compact({**rest, key: 0}, key).removesuffix("0}")
        content = content.get(key, {})
    return opening
