"""A dead-letter queue and a signup queue in memory, with the semantics of the real ones.

Whoever uses them can be made to die before or after any of their effects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dead_letters.letter import DeadLetter
from dead_letters.ports import Delivery, Outgoing
from invites.errors import QueueError
from invites.message import REPLAY_OF, ReplayMark, read_mark
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


def letter(
    number: int, body: str = "{}", attributes: Mapping[str, Any] | None = None
) -> DeadLetter:
    """A letter of one's own."""
    return DeadLetter(f"letter-{number}", "", body, attributes or {}, int(SENT_AT) + number)


class MemoryLetters:
    """The dead-letter queue."""

    def __init__(self, letters: Sequence[DeadLetter], clock: VirtualClock, life: Life) -> None:
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

    def receive(self) -> Sequence[DeadLetter]:
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


class BrokenLetters(MemoryLetters):
    """Letters that cannot be deleted."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Fail."""
        if receipts:
            raise QueueError("letters were not deleted: Down")


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

    def accepted(self, accepts: Callable[[ReplayMark], bool]) -> list[str]:
        """The letters whose messages count, in the order in which they come."""
        marks = [read_mark(_mark(one)) for one in self.sent]
        pairs = zip(self.sent, marks, strict=True)
        return [one.letter.message_id for one, mark in pairs if mark is None or accepts(mark)]


@dataclass(slots=True)
class MemoryClaims:
    """Remembers who was forgotten."""

    forgotten: list[str] = field(default_factory=list)

    def forget(self, email: str) -> None:
        """Note it."""
        self.forgotten.append(email)


def _mark(message: Outgoing) -> str | None:
    value = message.attributes.get(REPLAY_OF, {}).get("StringValue")
    return value if isinstance(value, str) else None
