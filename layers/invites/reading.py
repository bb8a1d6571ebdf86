"""A message, read: one person's invite, what became of them without one, or many people."""

from dataclasses import dataclass

from invites.envelope import unwrap
from invites.errors import RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.message import Message
from invites.outcome import Outcome, Verdict, internal_error
from invites.parts import Parts
from invites.signup import NOBODY, Ignored, Origin, origin_of, read_signup


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for.

    Attributes:
        content: Whom to invite, what became of them without that, or many events.
        origin: Who says so.
        is_known_stop: Whether it is not a reading, but the ledger's word on an earlier one.
    """

    content: Invite | Outcome | Parts
    origin: Origin = NOBODY
    is_known_stop: bool = False


def read(message: Message, rules: InviteRules) -> Reading:
    """Read a message. Every error becomes an outcome."""
    origin = NOBODY
    try:
        event = unwrap(message.body)
        if isinstance(event, Parts):
            return Reading(event)
        origin = origin_of(event)
        signup = read_signup(event)
        person = signup if isinstance(signup, Ignored) else to_invite(signup, rules)
    except RejectedError as error:
        return Reading(Outcome(Verdict.STOP, error.code, str(error)), origin)
    except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
        return Reading(internal_error(error), origin)
    if isinstance(person, Ignored):
        return Reading(Outcome(Verdict.IGNORED, person.code, person.detail), origin)
    return Reading(person, origin)
