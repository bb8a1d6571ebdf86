"""The ports of `dead_letters.ports` in memory, each with the semantics of the real one.

`make_triage` puts them together. A call can be killed before or after each of its effects, by
`lifetime`.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from typing import Any

from dead_letters.letter import CAUSE_UNKNOWN, DeadLetter, DeadLetterRecord, State
from dead_letters.ports import Actor, Delivery, Intent, Outgoing, ReplayStart, TriageDeps
from invites.clock import Clock
from invites.errors import LedgerError, QueueError
from invites.message import REPLAY_OF, ReplayMark, read_mark
from support.build import READER, SENT_AT, InlineExecutor, VirtualClock
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.view import View

HIDE_SECONDS = 60.0
RETENTION = 10**6
ADA = Actor("Ada", "request-1")


class Killed(BaseException):
    """The function is killed, wherever it is."""


@dataclass(slots=True)
class Lifetime:
    """Ends after this many steps; there is a step before and one after each effect."""

    steps: int | None = None

    def step(self) -> None:
        """Go on, or be killed."""
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                raise Killed


def letter(
    number: int, body: str = "{}", attributes: Mapping[str, Any] | None = None
) -> DeadLetter:
    """The letter `letter-NUMBER`."""
    return DeadLetter(f"letter-{number}", "", body, attributes or {}, int(SENT_AT) + number)


def record(
    message_id: str, code: str = "malformed_body", sent_at: int = int(SENT_AT)
) -> DeadLetterRecord:
    """What the ledger knows of a letter."""
    words = (code, "", "body is not JSON", None, "/test", "evt-1")
    return DeadLetterRecord(message_id, *words, 1, sent_at, sent_at, sent_at)


class MemoryDeadLetterQueue:
    """Implements DeadLetterQueue; a letter's receipt handle is its message id."""

    def __init__(
        self, letters: Sequence[DeadLetter], clock: VirtualClock, lifetime: Lifetime
    ) -> None:
        self._letters = {letter.message_id: letter for letter in letters}
        self._visible_at = dict.fromkeys(self._letters, 0.0)
        self._clock = clock
        self._lifetime = lifetime
        self.receives = 0

    @property
    def ids(self) -> set[str]:
        """The message ids of all letters, hidden ones too."""
        return set(self._letters)

    def is_visible(self, message_id: str) -> bool:
        """Whether the next receive can bring this letter."""
        return self._visible_at[message_id] <= self._clock.time

    def are_all_visible(self) -> bool:
        """Whether no letter is hidden."""
        return all(map(self.is_visible, self._letters))

    def count(self) -> int:
        """All letters, hidden ones too."""
        return len(self._letters)

    def receive(self) -> Sequence[DeadLetter]:
        """Up to 10 visible letters; an empty poll takes a while."""
        self.receives += 1
        found = list(filter(self.is_visible, self._letters))[:10]
        self._clock.time += 0.0 if found else 0.1
        for message_id in found:
            self._visible_at[message_id] = self._clock.time + HIDE_SECONDS
        return [replace(self._letters[name], receipt_handle=name) for name in found]

    def release(self, receipts: Sequence[str]) -> None:
        """Make letters visible."""
        for receipt in receipts:
            self._visible_at[receipt] = 0.0

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete letters one by one."""
        for receipt in receipts:
            self._lifetime.step()
            self._letters.pop(receipt, None)
            self._lifetime.step()


class UndeletableLetters(MemoryDeadLetterQueue):
    """A queue from which nothing can be deleted."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Fail."""
        if receipts:
            raise QueueError("letters were not deleted: Down")


@dataclass(slots=True)
class MemorySignupQueue:
    """Implements SignupQueue; `refuse` gives the delivery of a send that fails."""

    lifetime: Lifetime
    refuse: Callable[[Outgoing], Delivery | None] = lambda _: None
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """Take messages one by one."""
        return [self._send(message) for message in messages]

    def _send(self, message: Outgoing) -> Delivery:
        self.lifetime.step()
        if refused := self.refuse(message):
            return refused
        self.sent.append(message)
        self.lifetime.step()
        return Delivery(f"new-{len(self.sent)}")

    def accepted(self, accepts: Callable[[ReplayMark], bool]) -> list[str]:
        """The letters whose messages the sender accepts, in the order of their arrival."""
        marks = [read_mark(_mark(message)) for message in self.sent]
        pairs = zip(self.sent, marks, strict=True)
        return [sent.letter.message_id for sent, mark in pairs if mark is None or accepts(mark)]


def _mark(message: Outgoing) -> str | None:
    value = message.attributes.get(REPLAY_OF, {}).get("StringValue")
    return value if isinstance(value, str) else None


@dataclass(slots=True)
class MemoryForgetClaim:
    """Implements ForgetClaim; remembers whom it forgot."""

    forgotten: list[str] = field(default_factory=list)

    def __call__(self, email: str) -> None:
        """Remember the address."""
        self.forgotten.append(email)


@dataclass(slots=True)
class Row:
    """A row of the ledger."""

    record: DeadLetterRecord
    is_listed: bool = True
    token: str = ""
    attempt: int = 0
    accepted: int = 0
    by: str = ""
    why: str = ""


class MemoryDeadLetterLedger:
    """Implements DeadLetterReader and DeadLetterWriter, with the real one's conditional updates."""

    def __init__(self, records: Sequence[DeadLetterRecord], lifetime: Lifetime) -> None:
        self.rows = {record.message_id: Row(record) for record in records}
        self._lifetime = lifetime
        self.is_down = False

    def list_all(self) -> Sequence[DeadLetterRecord]:
        """The listed records."""
        return [row.record for row in self.rows.values() if row.is_listed]

    def get(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """The records that there are."""
        return {name: self.rows[name].record for name in message_ids if name in self.rows}

    def begin_replay(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """Count an attempt, unless the letter is done."""
        del intent
        row = self._row(letter)
        before = row.record.state
        if not before.is_done:
            row.token, row.attempt, row.by = "token", row.attempt + 1, actor.by
            self._set(letter.message_id, State.SENDING)
        return ReplayStart(ReplayMark(letter.message_id, row.token, row.attempt or 1), before)

    def cancel_replay(self, message_id: str) -> None:
        """Set the letter back to waiting."""
        self._set(message_id, State.WAITING)

    def complete_replay(self, message_id: str, replayed_as: str) -> None:
        """Take the letter off the list."""
        del replayed_as
        self._set(message_id, State.SENT, is_listed=False)

    def mark_discarded(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """Take the letter off the list, unless it is done."""
        row = self._row(letter)
        if row.record.state.is_done:
            return row.record.state
        row.why, row.by = why, actor.by
        self._set(letter.message_id, State.DISCARDED, is_listed=False)
        return State.WAITING

    def mark_found(self, letter: DeadLetter) -> State:
        """List the letter, unless it is done."""
        row = self._row(letter)
        if row.record.state.is_done:
            return row.record.state
        self._set(letter.message_id, row.record.state)
        return State.WAITING

    def mark_left(self, message_id: str) -> None:
        """Take the letter off the list."""
        self._set(message_id, State.LEFT, is_listed=False)

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether the attempt counts: the first to come does, as in the sender's ledger."""
        row = self.rows[mark.message_id]
        row.accepted = row.accepted or mark.attempt
        return row.accepted == mark.attempt

    def _row(self, letter: DeadLetter) -> Row:
        unknown = record(letter.message_id, CAUSE_UNKNOWN, letter.sent_at)
        return self.rows.setdefault(letter.message_id, Row(unknown))

    def _set(self, message_id: str, state: State, *, is_listed: bool = True) -> None:
        if self.is_down:
            raise LedgerError("the ledger cannot be written: Down")
        self._lifetime.step()
        row = self.rows[message_id]
        row.record, row.is_listed = replace(row.record, state=state), is_listed
        self._lifetime.step()


@dataclass(frozen=True, slots=True)
class Triage:
    """The parts in memory, and the dependencies made of them."""

    queue: MemoryDeadLetterQueue
    ledger: MemoryDeadLetterLedger
    signup_queue: MemorySignupQueue
    forget_claim: MemoryForgetClaim
    clock: VirtualClock
    lifetime: Lifetime
    deps: TriageDeps

    @property
    def view(self) -> View:
        """What an operator can see of it."""
        deps = self.deps
        return View(deps.queue, deps.reader, deps.explainer, deps.executor, deps.clock, RETENTION)


def make_triage(
    letters: Sequence[DeadLetter],
    records: Sequence[DeadLetterRecord] | None = None,
    queue_type: type[MemoryDeadLetterQueue] = MemoryDeadLetterQueue,
) -> Triage:
    """A triage in memory; the ledger has a record of each letter unless `records` are given."""
    clock, lifetime = VirtualClock(), Lifetime()
    if records is None:
        records = [record(letter.message_id, sent_at=letter.sent_at) for letter in letters]
    queue = queue_type(letters, clock, lifetime)
    ledger = MemoryDeadLetterLedger(records, lifetime)
    signup_queue, forget_claim = MemorySignupQueue(lifetime), MemoryForgetClaim()
    deps = TriageDeps(
        queue,
        ledger,
        ledger,
        signup_queue,
        forget_claim,
        RulesExplainer(READER),
        InlineExecutor(),
        Clock(clock.now, clock.sleep, wait),
    )
    return Triage(queue, ledger, signup_queue, forget_claim, clock, lifetime, deps)
