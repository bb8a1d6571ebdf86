"""Where an event comes from."""

from dataclasses import dataclass

from invites.cloud_event import is_cloud_event
from invites.envelope import Event

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


NOBODY = Origin()


def origin_of(event: Event) -> Origin:
    """What an event of nobody known says: its own id and source, or the nearest envelope's."""
    if is_cloud_event(event.content):
        return Origin(event.content["id"], event.content["source"])
    nearest = list(reversed(event.envelopes))
    return Origin(
        next((one.id for one in nearest if one.id), None),
        next((one.source for one in nearest if one.source), None),
    )
