"""A message, read: one person's invite, what became of them without one, or many events."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from invites.errors import Code, RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.outcome import Outcome, Verdict, internal_error
from invites.reading.announcement import Announcement
from invites.reading.canonical import announce_canonical
from invites.reading.envelope import Event, unwrap
from invites.reading.source_event import announce_source
from invites.reading.source_file import load_sources
from invites.reading.source_registry import SourceRegistry
from invites.reading.splitting import SplitEvents
from invites.rules.admission import Admission
from invites.rules.roles import ROLES_FILE, load_roles
from invites.signup import UNKNOWN_ORIGIN, NotInvited, Origin, Signup


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """What a message asks for.

    Attributes:
        content: Whom to invite, what became of them without that, or many events.
        origin: Where the message's event comes from.
        event: The event without its envelopes, for the dry run. It is None if the body could not
            be unwrapped or is a list, and wherever it need not be kept.
    """

    content: Invite | Outcome | SplitEvents
    origin: Origin = UNKNOWN_ORIGIN
    event: Event | None = field(default=None, compare=False, repr=False)


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

        The event is not kept: 1 MiB of JSON can take 100 MiB when parsed, and a batch has several.

        Args:
            body: The message's.
            is_part: Whether the message is one event of a list. Then it cannot be a list itself:
                each split multiplies, so that 30 KB could become millions of messages.
        """
        return replace(self.inspect(body, is_part=is_part), event=None)

    def inspect(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """Read a message's body as `read` does, and keep the event."""
        event, origin = None, UNKNOWN_ORIGIN
        content: Invite | Outcome | SplitEvents
        try:
            unwrapped = unwrap(body)
            if isinstance(unwrapped, Event):
                event, origin = unwrapped, unwrapped.origin
                announcement = self._announcement(event)
                origin = announcement.origin
                content = self._content(announcement)
            else:
                content = unwrapped
            _check_nesting(content, is_part=is_part)
        except RejectedError as error:
            content = Outcome(Verdict.STOP, error.code, str(error))
        except RecursionError:
            # The body was just not too deep to be parsed; the next try would end the same.
            content = Outcome(Verdict.STOP, Code.MALFORMED_BODY, "body is nested too deeply")
        except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
            content = internal_error(error)
        return ParsedMessage(content, origin, event=event)

    def _announcement(self, event: Event) -> Announcement:
        return announce_canonical(event) or announce_source(*self.registry.recognise(event))

    def _content(self, announcement: Announcement) -> Invite | Outcome | SplitEvents:
        found = self._excluded(announcement) or announcement.read()
        content = to_invite(found, self.rules) if isinstance(found, Signup) else found
        if isinstance(content, NotInvited):
            return Outcome(Verdict.IGNORED, content.code, content.detail)
        return content

    def _excluded(self, announcement: Announcement) -> NotInvited | None:
        """Why nothing of an event is read."""
        if announcement.is_list:
            return None
        system = announcement.origin.system or ""
        return self.rules.admission.exclude_event(system, announcement.tenant)


def _check_nesting(content: Invite | Outcome | SplitEvents, *, is_part: bool) -> None:
    if is_part and isinstance(content, SplitEvents):
        raise RejectedError(Code.MALFORMED_BODY, content.field, "is a list within a list")


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
