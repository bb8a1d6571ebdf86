"""A form: one shape in which a system announces people, and what stands where in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from invites.reading.expressions import Expression


class EventKind(StrEnum):
    """What an event of some type is."""

    SIGNUP = "signup"
    IGNORE = "ignore"
    LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an event is, and why, as a clause for the operator."""

    kind: EventKind
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Something by which a form is recognised.

    Attributes:
        expression: What to look at.
        patterns: The texts that it may be, with `*` and `?` as wildcards; without any, it only
            must be there.
        is_absence: Whether it must not be there instead. That tells two forms of one system
            apart; it is no sign of any.
    """

    expression: Expression
    patterns: tuple[str, ...] = ()
    is_absence: bool = False

    def holds(self, document: dict[str, Any]) -> bool:
        """Whether the document has it, or has it not."""
        value = self.expression.find(document)
        if not self.patterns:
            return (value is None) is self.is_absence
        return isinstance(value, str) and any(fnmatchcase(value, one) for one in self.patterns)


@dataclass(frozen=True, slots=True)
class Fields:
    """Where in an event, or in one element of its list, a person is described.

    Attributes:
        email: Fields that hold an address, best first; the first that holds text counts.
        login: Fields that hold a login which may be an address, tried after those.
        event_id: Of the event; unique within the source.
        tenant: Which customer of the system, or which directory, realm or pool.
        name, department, title, employee_type: Texts.
        groups, roles: A list of texts, or one text.
        verified: Whether the person has shown that the address is theirs.
    """

    email: tuple[Expression, ...] = ()
    login: tuple[Expression, ...] = ()
    event_id: Expression | None = None
    tenant: Expression | None = None
    name: Expression | None = None
    department: Expression | None = None
    title: Expression | None = None
    employee_type: Expression | None = None
    groups: Expression | None = None
    roles: Expression | None = None
    verified: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EventShape:
    """One shape of one system's events.

    Attributes:
        system: The name of the source's file.
        name: The form's, within the system.
        matches: All must hold for an event to be of this form.
        each: The keys that lead to the list of which each element is an event; empty if the whole
            is one.
        type: Where the event says what happened.
        rules: By pattern of that type, in this order, what such an event is.
        exceptions: What turns a signup or a look-up into something else, if the expression finds
            it true; the first that does counts.
        fields: Where the person is described.
        self_asserted: Those of the fields that the person could fill in.
        refuses_unverified: Whether somebody whose address is known to be unverified is refused.
    """

    system: str
    name: str
    matches: tuple[Match, ...]
    type: Expression
    rules: tuple[tuple[str, Rule], ...]
    each: tuple[str, ...] = ()
    exceptions: tuple[tuple[Expression, Rule], ...] = ()
    fields: Fields = field(default_factory=Fields)
    self_asserted: frozenset[str] = frozenset()
    refuses_unverified: bool = False
