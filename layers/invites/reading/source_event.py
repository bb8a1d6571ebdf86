"""An event of an identity or HR system, read as its form says."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.email_field import find_address
from invites.reading.envelope import Event
from invites.reading.event_shape import EventKind, EventShape, Rule
from invites.reading.expressions import Expression
from invites.reading.source_registry import document_of
from invites.reading.splitting import SplitEvents, as_events, compact, split_list
from invites.signup import Facts, NotInvited, Origin, Signup, origin_of


class SourceEvent:
    """An event of a known form.

    Args:
        shape: Of which it is.
        event: Unwrapped.

    Raises:
        RejectedError: `malformed_body`, if what should be a list of events is none.
    """

    def __init__(self, form: EventShape, event: Event) -> None:
        self.shape = form
        self._event = event
        self._items = list_events(form, event)
        self._document = document_of(event)
        if form.each:
            self._document = {
                **self._items[0],
                "parent": event.content,
                "envelope": self._document["envelope"],
            }

    @property
    def origin(self) -> Origin:
        """Where it comes from; what it does not say is the nearest envelope's."""
        nearest, fields = origin_of(self._event), self.shape.fields
        found = None if self.is_many else self._ruling()
        return Origin(
            (not self.is_many and self._text(fields.event_id)) or nearest.event_id,
            self.tenant or nearest.source,
            self.shape.system,
            None if self.is_many else self._text(self.shape.type) or None,
            found[0] if found else None,
        )

    @property
    def tenant(self) -> str:
        """Which customer of the system it is of."""
        return self._text(self.shape.fields.tenant)

    @property
    def is_many(self) -> bool:
        """Whether it is many events."""
        return len(self._items) > 1

    def read(self) -> Signup | NotInvited | SplitEvents:
        """Whom it announces.

        Raises:
            RejectedError: `unrecognised_event` for a type that the form does not have,
                `needs_lookup`, `missing_email` or `invalid_email`.
        """
        if self.is_many:
            return split_events(self.shape, self._event, self._items)
        found = self._ruling()
        if found is None:
            problem = f"is of no type that {self.shape.system} ({self.shape.name}) is known to have"
            raise RejectedError(Code.UNRECOGNISED_EVENT, self.shape.type.text, problem)
        for ruling in (*self._exceptions(found[1]), found[1]):
            if ruling.kind is EventKind.IGNORE:
                return NotInvited(Code.NOT_A_SIGNUP, ruling.why)
            if ruling.kind is EventKind.LOOKUP:
                problem = f"tells of somebody who is to be looked up: {ruling.why}"
                raise RejectedError(Code.NEEDS_LOOKUP, "body", problem)
        return self._signup()

    def _ruling(self) -> tuple[str, Rule] | None:
        kind = self._text(self.shape.type)
        return next((one for one in self.shape.rules if kind and fnmatchcase(kind, one[0])), None)

    def _exceptions(self, ruling: Rule) -> list[Rule]:
        """What turns the event into something else; what is ignored stays so."""
        if ruling.kind is EventKind.IGNORE:
            return []
        return [
            other
            for expression, other in self.shape.exceptions
            if expression.find(self._document) not in (None, False, "", [], {})
        ]

    def _signup(self) -> Signup:
        fields = self.shape.fields
        email, email_field = find_address(fields, self._document)
        facts = Facts(
            self.shape.system,
            self.tenant,
            self._text(fields.department),
            self._text(fields.title),
            self._text(fields.employee_type),
            self._texts(fields.groups),
            self._texts(fields.roles),
            self.shape.self_asserted,
        )
        return Signup(
            email,
            facts,
            email_field,
            self._flag(fields.verified),
            self.shape.refuses_unverified,
            self._text(fields.name),
        )

    def _find(self, expression: Expression | None) -> Any:  # noqa: ANN401 - JSON of any kind
        return None if expression is None else expression.find(self._document)

    def _text(self, expression: Expression | None) -> str:
        """A text, or a number as text: some systems count their events and customers."""
        value = self._find(expression)
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            return ""
        return str(value)

    def _texts(self, expression: Expression | None) -> tuple[str, ...]:
        value = self._find(expression)
        values = value if isinstance(value, list) else [value]
        return tuple(one for one in values if isinstance(one, str) and one)

    def _flag(self, expression: Expression | None) -> bool | None:
        """True and false, also as the texts that Amazon Cognito writes."""
        value = self._find(expression)
        text = str(value).lower() if isinstance(value, (bool, str)) else ""
        return {"true": True, "false": False}.get(text)


def list_events(form: EventShape, event: Event) -> list[dict[str, Any]]:
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


def split_events(form: EventShape, event: Event, items: list[dict[str, Any]]) -> SplitEvents:
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
