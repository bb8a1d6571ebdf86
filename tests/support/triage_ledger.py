"""The ledger of a triage in memory, with the semantics of the real one's conditional updates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dead_letters.letter import CAUSE_UNKNOWN, DeadLetter, DeadLetterRecord, State
from dead_letters.ports import Actor, Intent, ReplayStart
from invites.errors import LedgerError
from invites.message import ReplayMark
from support.build import SENT_AT
from support.triage_fakes import Life


@dataclass(slots=True)
class Note:
    """A row."""

    row: DeadLetterRecord
    is_listed: bool = True
    token: str = ""
    attempt: int = 0
    accepted: int = 0
    by: str = ""
    why: str = ""


class MemoryNotes:
    """The ledger."""

    def __init__(self, rows: Sequence[DeadLetterRecord], life: Life) -> None:
        self.notes = {row.message_id: Note(row) for row in rows}
        self._life = life
        self.is_down = False

    def dead(self) -> Sequence[DeadLetterRecord]:
        """What is listed."""
        return [note.row for note in self.notes.values() if note.is_listed]

    def rows(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """What is known."""
        return {one: self.notes[one].row for one in message_ids if one in self.notes}

    def begin(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """As the real one."""
        del intent
        note = self._note(letter)
        before = note.row.state
        if not before.is_done:
            note.token, note.attempt, note.by = "token", note.attempt + 1, actor.by
            self._set(letter.message_id, State.SENDING)
        return ReplayStart(ReplayMark(letter.message_id, note.token, note.attempt or 1), before)

    def give_up(self, message_id: str) -> None:
        """As the real one."""
        self._set(message_id, State.WAITING)

    def end(self, message_id: str, replayed_as: str) -> None:
        """As the real one."""
        del replayed_as
        self._set(message_id, State.SENT, is_listed=False)

    def discard(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """As the real one."""
        note = self._note(letter)
        if note.row.state.is_done:
            return note.row.state
        note.why, note.by = why, actor.by
        self._set(letter.message_id, State.DISCARDED, is_listed=False)
        return State.WAITING

    def found(self, letter: DeadLetter) -> State:
        """As the real one."""
        note = self._note(letter)
        if note.row.state.is_done:
            return note.row.state
        self._set(letter.message_id, note.row.state)
        return State.WAITING

    def left(self, message_id: str) -> None:
        """As the real one."""
        self._set(message_id, State.LEFT, is_listed=False)

    def accepts(self, mark: ReplayMark) -> bool:
        """As the sender's ledger: the first of the tries that comes counts."""
        note = self.notes[mark.message_id]
        note.accepted = note.accepted or mark.attempt
        return note.accepted == mark.attempt

    def _note(self, letter: DeadLetter) -> Note:
        unknown = row(letter.message_id, CAUSE_UNKNOWN, letter.sent_at)
        return self.notes.setdefault(letter.message_id, Note(unknown))

    def _set(self, message_id: str, state: State, *, is_listed: bool = True) -> None:
        if self.is_down:
            raise LedgerError("the ledger cannot be written: Down")
        self._life.pass_moment()
        note = self.notes[message_id]
        note.row, note.is_listed = replace(note.row, state=state), is_listed
        self._life.pass_moment()


def row(
    message_id: str, code: str = "malformed_body", sent_at: int = int(SENT_AT)
) -> DeadLetterRecord:
    """What the ledger knows of a letter."""
    words = (code, "", "body is not JSON", None, "/test", "evt-1")
    return DeadLetterRecord(message_id, *words, 1, sent_at, sent_at, sent_at)
