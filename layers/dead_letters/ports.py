"""What triage needs of the ledger and of the signup queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dead_letters.letter import DeadLetter, DeadLetterRecord, State
from invites.message import ReplayMark


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        by: The name that they gave; nobody has proved it.
        request_id: Of the invocation, under which CloudTrail knows who called.
    """

    by: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sent, as the ledger notes it.

    Attributes:
        digest: SHA-256 of the body, in hexadecimal.
        edited: Names of the fields that are corrected.
        again: Whether the person's claim is forgotten.
    """

    digest: str
    edited: Sequence[str]
    again: bool


@dataclass(frozen=True, slots=True)
class ReplayStart:
    """A replay as the ledger has noted it.

    Attributes:
        mark: Tells this try's message from those of other tries.
        before: The letter's state before; if it was done, nothing was begun.
    """

    mark: ReplayMark
    before: State


class DeadLetterReader(Protocol):
    """The ledger's rows on dead letters."""

    def dead(self) -> Sequence[DeadLetterRecord]:
        """All that are believed to be in the queue; raises LedgerError."""

    def rows(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """What is known of these; raises LedgerError."""


class DeadLetterWriter(Protocol):
    """What is written to those rows. Safe to use from several threads."""

    def begin(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """Note a replay before it is sent; raises LedgerError."""

    def give_up(self, message_id: str) -> None:
        """What was begun was surely not sent; raises LedgerError."""

    def end(self, message_id: str, replayed_as: str) -> None:
        """The queue has it, under a new id; raises LedgerError."""

    def discard(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """Note that a letter is thrown away; its state, if it was done; raises LedgerError."""

    def found(self, letter: DeadLetter) -> State:
        """Have a letter listed that was not; its state, if it was done; raises LedgerError."""

    def left(self, message_id: str) -> None:
        """A letter is in the queue no more; raises LedgerError."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send, and the letter that it is made of."""

    letter: DeadLetter
    body: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of a send.

    Attributes:
        message_id: The new one; None if the queue has not said that it has the message.
        is_unsure: Whether it may have it all the same.
        error: AWS's, in one word.
    """

    message_id: str | None
    is_unsure: bool = False
    error: str = ""


class SignupQueue(Protocol):
    """The queue that letters go back to."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """Send each once; what came of it, in order."""


class ForgetClaim(Protocol):
    """Who was invited."""

    def forget(self, email: str) -> None:
        """Forget that this person was invited; raises LedgerError."""
