"""What a signup is: a person, what the event that announces them says, and where it comes from."""

from dataclasses import dataclass, field

from invites.errors import Code

# Our own event's system.
CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event comes from; None where it does not say.

    Attributes:
        event_id: By which id it is announced.
        source: Who announces it: the tenant of a system, or the source of a CloudEvent.
        system: The system whose event it is, as its file in sources/ is named; `canonical` for
            our own event.
        type: What happened, in the system's words.
        kind: The pattern that this matches in the system's file; so there are only as many as the
            file has.
    """

    event_id: str | None = None
    source: str | None = None
    system: str | None = None
    type: str | None = None
    kind: str | None = None

    @property
    def producer(self) -> str:
        """Whose mistake it can be if the API refuses their events: a tenant of a system."""
        return f"{self.system or ''} {self.source or ''}"

    @property
    def sender(self) -> str | None:
        """The system; for our own event, and that of nobody known, the source that it names."""
        return self.source if self.system in {None, CANONICAL} else self.system


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules can look at; empty where the event does not say.

    Attributes:
        system: As in Origin.
        tenant: Which customer of the system, directory, realm or pool; for our own event the
            source of the CloudEvent.
        department, title, employee_type, groups: As the event has them.
        roles: Roles that the event names: SpaceMedia's in our own event, else the system's.
        self_asserted: Those of these facts that the person could fill in.
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
        email: As the event has it, not yet checked.
        facts: What rules can look at.
        email_field: The field that it stands in.
        is_verified: Whether the address is known to be theirs; None if the event does not say.
        refuses_unverified: Whether the source's file refuses one that is known not to be.
    """

    email: str
    facts: Facts = field(default_factory=Facts)
    email_field: str = "data.email"
    is_verified: bool | None = None
    refuses_unverified: bool = False


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Nothing to do, on purpose, and why."""

    code: Code
    detail: str
