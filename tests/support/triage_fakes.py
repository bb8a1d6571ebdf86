"""A dead-letter queue, a ledger and a signup queue in memory, with the semantics of the real ones.

Whoever uses them can be made to die before or after any of their effects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dead_letters.letter import CAUSE_UNKNOWN, Letter, Row, State
from dead_letters.ports import Actor, Begun, Delivery, Intent, Outgoing
from invites.errors import LedgerError, QueueError
from invites.replay_mark import ATTRIBUTE, ReplayMark, read_mark
from support.build import SENT_AT, VirtualClock

HIDDEN = 60.0


class Death(BaseException):
    """The function is ended, wherever it is."""


@dataclass(slots=True)
class Life:
    """Ends at its n-th moment; there is one before and one after each effect."""

    moments: int | None = None

    def pass_moment(self) -> None:
        """Go on living, or die."""
        if self.moments is not None:
            self.moments -= 1
            if self.moments < 0:
                raise Death


def letter(number: int, body: str = "{}", attributes: Mapping[str, Any] | None = None) -> Letter:
    """A letter of one's own."""
    return Letter(f"letter-{number}", "", body, attributes or {}, int(SENT_AT) + number)


class MemoryLetters:
    """The dead-letter queue."""

    def __init__(self, letters: Sequence[Letter], clock: VirtualClock, life: Life) -> None:
        self._letters = {one.message_id: one for one in letters}
        self._visible_at = dict.fromkeys(self._letters, 0.0)
        self._clock = clock
        self._life = life
        self.receives = 0

    @property
    def ids(self) -> set[str]:
        """What is there."""
        return set(self._letters)

    def is_visible(self, message_id: str) -> bool:
        """Whether the next receive can bring it."""
        return self._visible_at[message_id] <= self._clock.time

    def count(self) -> int:
        """Hidden ones too."""
        return len(self._letters)

    def receive(self) -> Sequence[Letter]:
        """Up to 10 visible ones; an empty poll takes a second."""
        self.receives += 1
        found = [one for one in self._letters if self.is_visible(one)][:10]
        self._clock.time += 0.0 if found else 0.1
        for one in found:
            self._visible_at[one] = self._clock.time + HIDDEN
        return [replace(self._letters[one], receipt_handle=one) for one in found]

    def release(self, receipts: Sequence[str]) -> None:
        """Visible at once."""
        for receipt in receipts:
            self._visible_at[receipt] = 0.0

    def delete(self, receipts: Sequence[str]) -> None:
        """Gone."""
        for receipt in receipts:
            self._life.pass_moment()
            self._letters.pop(receipt, None)
            self._life.pass_moment()


@dataclass(slots=True)
class Note:
    """A row."""

    row: Row
    is_listed: bool = True
    token: str = ""
    attempt: int = 0
    accepted: int = 0
    by: str = ""
    why: str = ""


class MemoryNotes:
    """The ledger."""

    def __init__(self, rows: Sequence[Row], life: Life) -> None:
        self.notes = {row.message_id: Note(row) for row in rows}
        self._life = life
        self.is_down = False

    def dead(self) -> Sequence[Row]:
        """What is listed."""
        return [note.row for note in self.notes.values() if note.is_listed]

    def rows(self, message_ids: Sequence[str]) -> Mapping[str, Row]:
        """What is known."""
        return {one: self.notes[one].row for one in message_ids if one in self.notes}

    def begin(self, letter: Letter, intent: Intent, actor: Actor) -> Begun:
        """As the real one."""
        del intent
        note = self._note(letter)
        before = note.row.state
        if not before.is_done:
            note.token, note.attempt, note.by = "token", note.attempt + 1, actor.by
            self._set(letter.message_id, State.SENDING)
        return Begun(ReplayMark(letter.message_id, note.token, note.attempt or 1), before)

    def give_up(self, message_id: str) -> None:
        """As the real one."""
        self._set(message_id, State.WAITING)

    def end(self, message_id: str, replayed_as: str) -> None:
        """As the real one."""
        del replayed_as
        self._set(message_id, State.SENT, is_listed=False)

    def discard(self, letter: Letter, why: str, actor: Actor) -> State:
        """As the real one."""
        note = self._note(letter)
        if note.row.state.is_done:
            return note.row.state
        note.why, note.by = why, actor.by
        self._set(letter.message_id, State.DISCARDED, is_listed=False)
        return State.WAITING

    def found(self, letter: Letter) -> State:
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

    def _note(self, letter: Letter) -> Note:
        unknown = row(letter.message_id, CAUSE_UNKNOWN, letter.sent_at)
        return self.notes.setdefault(letter.message_id, Note(unknown))

    def _set(self, message_id: str, state: State, *, is_listed: bool = True) -> None:
        if self.is_down:
            raise LedgerError("the ledger cannot be written: Down")
        self._life.pass_moment()
        note = self.notes[message_id]
        note.row, note.is_listed = replace(note.row, state=state), is_listed
        self._life.pass_moment()


@dataclass(slots=True)
class MemorySignups:
    """The signup queue; `refuse` gives what comes of a send that does not work."""

    life: Life
    refuse: Callable[[Outgoing], Delivery | None] = lambda _: None
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """One after the other."""
        return [self._send(one) for one in messages]

    def _send(self, message: Outgoing) -> Delivery:
        self.life.pass_moment()
        if refused := self.refuse(message):
            return refused
        self.sent.append(message)
        self.life.pass_moment()
        return Delivery(f"new-{len(self.sent)}")

    def accepted(self, ledger: MemoryNotes) -> list[str]:
        """The letters whose messages count, in the order in which they come."""
        marks = [read_mark(_mark(one)) for one in self.sent]
        pairs = zip(self.sent, marks, strict=True)
        return [
            one.letter.message_id for one, mark in pairs if mark is None or ledger.accepts(mark)
        ]


@dataclass(slots=True)
class MemoryClaims:
    """Remembers who was forgotten."""

    forgotten: list[str] = field(default_factory=list)

    def forget(self, email: str) -> None:
        """Note it."""
        self.forgotten.append(email)


class BrokenLetters(MemoryLetters):
    """Letters that cannot be deleted."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Fail."""
        if receipts:
            raise QueueError("letters were not deleted: Down")


def row(message_id: str, code: str = "malformed_body", sent_at: int = int(SENT_AT)) -> Row:
    """What the ledger knows of a letter."""
    words = (code, "", "body is not JSON", None, "/test", "evt-1")
    return Row(message_id, *words, 1, sent_at, sent_at, sent_at)


def _mark(message: Outgoing) -> str | None:
    value = message.attributes.get(ATTRIBUTE, {}).get("StringValue")
    return value if isinstance(value, str) else None
