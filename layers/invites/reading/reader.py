"""A message, read: one person's invite, what became of them without one, or many people."""

from dataclasses import dataclass
from pathlib import Path

from invites.errors import Code, RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.outcome import Outcome, Verdict, internal_error
from invites.reading.canonical import CanonicalEvent, is_canonical
from invites.reading.envelope import Event, unwrap
from invites.reading.source_event import SourceEvent
from invites.reading.source_file import load_sources
from invites.reading.source_registry import SourceRegistry
from invites.reading.splitting import SplitEvents
from invites.rules.admission import Admission
from invites.rules.roles import ROLES_FILE, load_roles
from invites.signup import UNKNOWN_ORIGIN, Announcement, NotInvited, Origin, Signup, origin_of


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """What a message asks for.

    Attributes:
        content: Whom to invite, what became of them without that, or many events.
        origin: Who says so.
    """

    content: Invite | Outcome | SplitEvents
    origin: Origin = UNKNOWN_ORIGIN


class MessageReader:
    """Reads messages.

    Args:
        registry: The systems whose events are known.
        rules: What the deployment decides on invites.
    """

    def __init__(self, registry: SourceRegistry, rules: InviteRules) -> None:
        self.registry = registry
        self.rules = rules

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """Read a message's body. Every error becomes an outcome.

        Args:
            body: The message's.
            is_part: Whether it is one of the events of a list. Then it cannot be a list itself:
                each split multiplies, so that 30 KB could become millions of messages.
        """
        origin = UNKNOWN_ORIGIN
        try:
            event = unwrap(body)
            if isinstance(event, SplitEvents):
                return ParsedMessage(_allowed(event, is_part=is_part))
            origin = origin_of(event)
            recognised = self._recognise(event)
            origin = recognised.origin
            return ParsedMessage(_allowed(self._content(recognised), is_part=is_part), origin)
        except RejectedError as error:
            return ParsedMessage(Outcome(Verdict.STOP, error.code, str(error)), origin)
        except RecursionError:
            # What was just not too deep to be parsed; it stays so at the next try.
            problem = "body is nested too deeply"
            return ParsedMessage(Outcome(Verdict.STOP, Code.MALFORMED_BODY, problem), origin)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
            return ParsedMessage(internal_error(error), origin)

    def _recognise(self, event: Event) -> Announcement:
        if is_canonical(event):
            return CanonicalEvent(event)
        return SourceEvent(*self.registry.recognise(event))

    def _content(self, recognised: Announcement) -> Invite | Outcome | SplitEvents:
        found = self._shut_out(recognised) or recognised.read()
        if isinstance(found, Signup):
            person = to_invite(found, self.rules)
            return person if isinstance(person, Invite) else _ignored(person)
        return _ignored(found) if isinstance(found, NotInvited) else found

    def _shut_out(self, recognised: Announcement) -> NotInvited | None:
        """Why nothing of an event is looked at; each of many events is asked by itself."""
        if recognised.is_many:
            return None
        system = recognised.origin.system or ""
        return self.rules.admission.shut_out_event(system, recognised.tenant)


def _allowed(
    content: Invite | Outcome | SplitEvents, *, is_part: bool
) -> Invite | Outcome | SplitEvents:
    if is_part and isinstance(content, SplitEvents):
        raise RejectedError(Code.MALFORMED_BODY, content.field, "is a list within a list")
    return content


def _ignored(why: NotInvited) -> Outcome:
    return Outcome(Verdict.IGNORED, why.code, why.detail)


SOURCES = Path(__file__).with_name("sources")


def load_reader(
    default_roles: tuple[str, ...],
    admission: Admission = Admission(),  # noqa: B008 - cannot be changed
    unverified_refused: frozenset[str] = frozenset(),
) -> MessageReader:
    """Load all files.

    Args:
        default_roles: For whom nothing else gives a role.
        admission: Who is shut out.
        unverified_refused: Systems of which unverified addresses are refused; `*` for all.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    rules = InviteRules(load_roles(ROLES_FILE, default_roles), admission, unverified_refused)
    return MessageReader(SourceRegistry(load_sources(SOURCES)), rules)
