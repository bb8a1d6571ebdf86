"""An event of an identity or HR system, read as the file of its source says."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.announcement import Announcement
from invites.reading.email_field import find_address
from invites.reading.envelope import Event
from invites.reading.event_shape import EventKind, EventShape, Rule
from invites.reading.expressions import Expression
from invites.reading.splitting import SplitEvents, as_events, compact, split_list
from invites.signup import Facts, NotInvited, Origin, Signup


def announce_source(shape: EventShape, event: Event) -> Announcement:
    """What an event of a known shape announces.

    An id or a source that the event lacks is taken from the nearest envelope.

    Args:
        shape: The event's.
        event: Unwrapped.

    Raises:
        RejectedError: `malformed_body`, if the shape is a list of events and the event has none.
    """
    items = list_events(shape, event)
    document = _document(shape, event, items[0])
    if len(items) == 1:
        return SourceEvent(shape, document).announcement(event.origin)
    tenant = _text(shape.fields.tenant, document)
    origin = Origin(event.origin.event_id, tenant or event.origin.source, shape.system)
    return Announcement(origin, tenant, lambda: split_events(shape, event, items), is_list=True)


def _document(shape: EventShape, event: Event, item: dict[str, Any]) -> dict[str, Any]:
    """What the shape's expressions are evaluated on: the event, or one of its list."""
    if not shape.each:
        return event.document
    return {**item, "parent": event.content, "envelope": event.nearest}


class SourceEvent:
    """One event of a system.

    Args:
        shape: The event's.
        document: What the shape's expressions are evaluated on.
    """

    def __init__(self, shape: EventShape, document: dict[str, Any]) -> None:
        self._shape = shape
        self._document = document
        self._type = _text(shape.type, document)
        self._rule = _matching_rule(shape, self._type)
        self._event_id = _text(shape.fields.event_id, document)
        self._tenant = _text(shape.fields.tenant, document)

    def announcement(self, around: Origin) -> Announcement:
        """What it announces; an id or a source that it lacks is that of the envelope around it."""
        origin = Origin(
            self._event_id or around.event_id,
            self._tenant or around.source,
            self._shape.system,
            self._type or None,
            self._rule[0] if self._rule else None,
        )
        return Announcement(origin, self._tenant, self.read)

    def read(self) -> Signup | NotInvited:
        """Whom it announces.

        Raises:
            RejectedError: `unrecognised_event` for a type that the shape does not have,
                `needs_lookup`, `missing_email` or `invalid_email`.
        """
        shape = self._shape
        if self._rule is None:
            problem = f"is of no type that {shape.system} ({shape.name}) is known to have"
            raise RejectedError(Code.UNRECOGNISED_EVENT, shape.type.text, problem)
        type_rule = self._rule[1]
        for rule in (*self._exceptions(type_rule), type_rule):
            if rule.kind is EventKind.IGNORE:
                return NotInvited(Code.NOT_A_SIGNUP, rule.why)
            if rule.kind is EventKind.LOOKUP:
                problem = f"announces somebody who has to be looked up: {rule.why}"
                raise RejectedError(Code.NEEDS_LOOKUP, "body", problem)
        return self._signup()

    def _exceptions(self, rule: Rule) -> list[Rule]:
        """The rules that take the place of the type's; an ignored event stays ignored."""
        if rule.kind is EventKind.IGNORE:
            return []
        return [
            exception
            for expression, exception in self._shape.exceptions
            if expression.find(self._document) not in (None, False, "", [], {})
        ]

    def _signup(self) -> Signup:
        fields, document = self._shape.fields, self._document
        email, email_field = find_address(fields, document)
        facts = Facts(
            self._shape.system,
            self._tenant,
            _text(fields.department, document),
            _text(fields.title, document),
            _text(fields.employee_type, document),
            _texts(fields.groups, document),
            _texts(fields.roles, document),
            self._shape.self_asserted,
        )
        is_verified = _flag(fields.verified, document)
        return Signup(email, facts, email_field, is_verified, self._shape.refuses_unverified)


def _matching_rule(shape: EventShape, kind: str) -> tuple[str, Rule] | None:
    """The first rule for a type, after the pattern that matches."""
    matching = (rule for rule in shape.rules if fnmatchcase(kind, rule[0]))
    return next(matching, None) if kind else None


def _find(expression: Expression | None, document: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON of any kind
    return None if expression is None else expression.find(document)


def _text(expression: Expression | None, document: dict[str, Any]) -> str:
    """A text, or a number as text: some systems count their events and customers."""
    value = _find(expression, document)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value)


def _texts(expression: Expression | None, document: dict[str, Any]) -> tuple[str, ...]:
    found = _find(expression, document)
    values = found if isinstance(found, list) else [found]
    return tuple(value for value in values if isinstance(value, str) and value)


def _flag(expression: Expression | None, document: dict[str, Any]) -> bool | None:
    """True and false, also as the texts that Amazon Cognito writes."""
    value = _find(expression, document)
    text = str(value).lower() if isinstance(value, (bool, str)) else ""
    return {"true": True, "false": False}.get(text)


def list_events(shape: EventShape, event: Event) -> list[dict[str, Any]]:
    """The events in an event's list, or the whole where the shape has none.

    An object where a list should be is its only element: some shippers send one at a time.

    Raises:
        RejectedError: `malformed_body`, naming the list or its element.
    """
    if not shape.each:
        return [event.content]
    field = ".".join(shape.each)
    found: Any = event.content
    for key in shape.each:
        found = found.get(key) if isinstance(found, dict) else None
    items = [found] if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise RejectedError(Code.MALFORMED_BODY, field, "is not a list")
    return as_events(items, field)


def split_events(shape: EventShape, event: Event, items: list[dict[str, Any]]) -> SplitEvents:
    """Each element as a message that is like the whole, but has only that element in its list.

    A part is recognised as the whole was, and anybody who finds it in a queue can tell what it is.

    Raises:
        RejectedError: `malformed_body`, for more than a message may become.
    """
    before, after = _opening(event.content, shape.each) + "[", "]" + "}" * len(shape.each)
    for envelope in reversed(event.envelopes):
        if envelope.kind == "eventbridge":
            # As EventBridge would send it, since the tenant can be in the source.
            head = {"id": envelope.id, "detail-type": envelope.type, "source": envelope.source}
            before, after = _opening(head, ["detail"]) + before, after + "}"
            break
    return split_list(items, ".".join(shape.each), before, after)


def _opening(content: dict[str, Any], keys: Sequence[str]) -> str:
    """The content as JSON up to the value under these keys, which is written last."""
    opening = ""
    for key in keys:
        rest = {name: value for name, value in content.items() if name != key}
        opening += compact({**rest, key: 0}, key).removesuffix("0}")
        content = content.get(key, {})
    return opening
