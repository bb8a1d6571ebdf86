"""A shape: how one kind of a system's messages is recognised, and where it describes the person."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from invites.reading.expressions import Expression


class EventKind(StrEnum):
    """What becomes of the events of a type."""

    SIGNUP = "signup"
    IGNORE = "ignore"
    LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of an event, and why, as a clause for the operator."""

    kind: EventKind
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A condition by which a shape is recognised.

    Attributes:
        expression: What to look at.
        patterns: The texts that it may be, with `*` and `?` as wildcards; with none it only has to
            be there.
        is_absence: Whether it must not be there instead. An absence tells two shapes of one system
            apart; it is no sign of any shape.
    """

    expression: Expression
    patterns: tuple[str, ...] = ()
    is_absence: bool = False

    def holds(self, document: dict[str, Any]) -> bool:
        """Whether the document meets the condition."""
        value = self.expression.find(document)
        if not self.patterns:
            return (value is None) is self.is_absence
        return isinstance(value, str) and any(
            fnmatchcase(value, pattern) for pattern in self.patterns
        )


@dataclass(frozen=True, slots=True)
class Fields:
    """Where an event, or one element of its list, describes the person.

    Attributes:
        email: Fields that hold an address, best first; the first that holds text counts.
        login: Fields that hold a login which may be an address, tried after those.
        event_id: Of the event; unique within the source.
        tenant: Which customer of the system, or which directory, realm or pool.
        department, title, employee_type: Texts.
        groups, roles: A list of texts, or one text.
        verified: Whether the person has shown that the address is theirs.
    """

    email: tuple[Expression, ...] = ()
    login: tuple[Expression, ...] = ()
    event_id: Expression | None = None
    tenant: Expression | None = None
    department: Expression | None = None
    title: Expression | None = None
    employee_type: Expression | None = None
    groups: Expression | None = None
    roles: Expression | None = None
    verified: Expression | None = None


@dataclass(frozen=True, eq=False)
class EventShape:
    """One shape of one system's events.

    Attributes:
        system: The name of the source's file.
        name: The shape's name, within the system.
        matches: All must hold for an event to have this shape.
        each: The keys that lead to the list whose elements are the events; empty if the whole is
            one event.
        type: Where the event says what happened.
        rules: By pattern of that type, in this order, what becomes of the event.
        exceptions: Rules that take the place of a signup or a look-up if the expression finds
            something true; the first one counts.
        fields: Where the person is described.
        self_asserted: Those of the fields that the person could fill in.
        refuses_unverified: Whether a person whose address is known to be unverified is refused.
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

    @cached_property
    def signs(self) -> tuple[Match, ...]:
        """The matches by something that is there."""
        return tuple(match for match in self.matches if not match.is_absence)
