"""Jobs for tests: one whose message is read, and one that is finished."""

from invites.invite import Invite
from invites.job import Job, Trace
from invites.message import Message
from invites.outcome import Outcome
from invites.reading.reader import ParsedMessage
from invites.retry import Disposition, Fate
from invites.signup import UNKNOWN_ORIGIN, Origin
from support.build import message


def job_for(name: str, producer: str = "/test", roles: tuple[str, ...] = ("Artist",)) -> Job:
    """A job whose message is read: it invites a person of that name."""
    invite = Invite(f"{name}@example.test", roles)
    return Job(message("{}"), parsed=ParsedMessage(invite, Origin(source=producer)))


def job_done(
    outcome: Outcome,
    of: Message,
    disposition: Disposition = Disposition(Fate.DELETE),  # noqa: B008 - cannot be changed
    origin: Origin = UNKNOWN_ORIGIN,
    *,
    is_known_stop: bool = False,
) -> Job:
    """A job at its end."""
    trace = Trace(outcome) if is_known_stop else None
    parsed = ParsedMessage(outcome, origin)
    return Job(of, trace, parsed, outcome=outcome, disposition=disposition)
