"""What a signup is: a person, what the event says of them, and where the event comes from."""

from dataclasses import dataclass, field
from functools import cached_property

from invites.errors import Code

# Our own event's system.
CANONICAL = "canonical"


@dataclass(frozen=True)
class Origin:
    """Where an event comes from; None where the event does not say.

    Attributes:
        event_id: The event's id.
        source: The tenant of the system, or the source of a CloudEvent.
        system: The system, as its file in sources/ is named; `canonical` for our own event.
        type: What happened, in the system's words.
        kind: The pattern that the type matches in the system's file. A file has few, and a producer
            can write any type, so the log has the pattern.
    """

    event_id: str | None = None
    source: str | None = None
    system: str | None = None
    type: str | None = None
    kind: str | None = None

    @cached_property
    def producer(self) -> str:
        """The tenant of a system: whose mistake it can be if the API refuses its events."""
        return f"{self.system or ''} {self.source or ''}"

    @property
    def sender(self) -> str | None:
        """The system; for our own event, and one of no known system, the source that it names."""
        return self.source if self.system in {None, CANONICAL} else self.system


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules on roles can look at; empty where the event does not say.

    Attributes:
        system: As in Origin.
        tenant: Which customer of the system, directory, realm or pool; for our own event the
            source of the CloudEvent.
        department, title, employee_type, groups: As the event has them.
        roles: Roles that the event names: SpaceMedia's in our own event, else the system's.
        self_asserted: The names of those facts that the person could fill in.
    """

    system: str = ""
    tenant: str = ""
    department: str = ""
    title: str = ""
    employee_type: str = ""
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    self_asserted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Signup:
    """A person who signed up.

    Attributes:
        email: The address as the event has it, not yet checked.
        facts: What rules can look at.
        email_field: The field that holds the address.
        is_verified: Whether the person has shown that the address is theirs; None if the event
            does not say.
        refuses_unverified: Whether the source's file refuses an address that is known to be
            unverified.
    """

    email: str
    facts: Facts = field(default_factory=Facts)
    email_field: str = "data.email"
    is_verified: bool | None = None
    refuses_unverified: bool = False


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Why nobody is invited, on purpose: an outcome that is no failure."""

    code: Code
    detail: str
