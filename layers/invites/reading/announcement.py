"""An announcement: an event whose system is known, before it is read for the person."""

from collections.abc import Callable
from dataclasses import dataclass

from invites.reading.splitting import SplitEvents
from invites.signup import NotInvited, Origin, Signup


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is known of an event before the person in it is looked at.

    Admission decides by this alone, so nothing more is read of an event whose system or tenant is
    shut out. An event whose reading fails still has its origin.

    Attributes:
        origin: Where the event comes from.
        tenant: Which customer of its system it is of; empty if the event does not say.
        read: Reads whom the event announces: a person, nobody, or many events. It raises
            RejectedError for somebody who cannot be invited by what the event says.
        is_list: Whether it is many events. Admission decides on each of them by itself.
    """

    origin: Origin
    tenant: str
    read: Callable[[], Signup | NotInvited | SplitEvents]
    is_list: bool = False
