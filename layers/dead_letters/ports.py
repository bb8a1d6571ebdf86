"""What triage needs of the queues, the ledger and the rules: protocols that adapters implement."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol

from dead_letters.letter import DeadLetter, DeadLetterRecord, State
from invites.clock import Clock
from invites.message import ReplayMark


class DeadLetterQueue(Protocol):
    """The queue that holds the letters. Safe to use from several threads."""

    def count(self) -> int:
        """How many letters there are, hidden ones too: approximate; raises QueueError."""

    def receive(self) -> Sequence[DeadLetter]:
        """Up to 10 letters, hidden for a minute; raises QueueError."""

    def release(self, receipts: Sequence[str]) -> None:
        """Make letters visible at once; if that fails, they become visible within the minute."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete letters; raises QueueError if any may still be there."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        by: The name that was typed; nobody has proved it.
        request_id: Of the invocation; CloudTrail has the caller's identity under it.
    """

    by: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sent, as the ledger notes it.

    Attributes:
        digest: SHA-256 of the body, in hexadecimal.
        edited: Names of the corrected fields.
        again: Whether the person's claim is forgotten.
    """

    digest: str
    edited: Sequence[str]
    again: bool


@dataclass(frozen=True, slots=True)
class ReplayStart:
    """A replay as the ledger has noted it.

    Attributes:
        mark: Tells the message of this attempt from those of other attempts.
        before: The letter's state before. If that is done, no replay was begun.
    """

    mark: ReplayMark
    before: State


class DeadLetterReader(Protocol):
    """Reads the ledger's records of dead letters."""

    def list_all(self) -> Sequence[DeadLetterRecord]:
        """All letters that the ledger believes to be in the queue; raises LedgerError."""

    def get(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """By message id the records of these letters, if they have one; raises LedgerError."""


class DeadLetterWriter(Protocol):
    """Writes those records. Safe to use from several threads. Every method raises LedgerError."""

    def begin_replay(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """Note a replay before the message is sent."""

    def cancel_replay(self, message_id: str) -> None:
        """Take back the note of a replay whose message was certainly not sent."""

    def complete_replay(self, message_id: str, replayed_as: str) -> None:
        """Note that the signup queue has the message, under a new id."""

    def mark_discarded(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """Note a discard. Returns the state before if that is done, else WAITING."""

    def mark_found(self, letter: DeadLetter) -> State:
        """List a letter that was not listed. Returns as `mark_discarded` does."""

    def mark_left(self, message_id: str) -> None:
        """Note that a letter is no longer in the queue."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send, and the letter from which it is made."""

    letter: DeadLetter
    body: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of a send.

    Attributes:
        message_id: The new id; None if the queue has not confirmed the message.
        is_unsure: Whether the queue may have the message without having confirmed it.
        error: AWS's, in one word.
    """

    message_id: str | None
    is_unsure: bool = False
    error: str = ""


class SignupQueue(Protocol):
    """The queue to which letters go back."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """Send each message once; returns what came of each, in order."""


class ForgetClaim(Protocol):
    """Forgets that a person was invited."""

    def __call__(self, email: str) -> None:
        """Delete the completed claim on this person; raises LedgerError."""


class Explainer(Protocol):
    """Says what today's rules make of a body."""

    def explain(self, body: str, *, is_part: bool = False) -> dict[str, Any]:
        """`{"outcome": "invite"|"ignore"|"reject", "invites": […], "reason", "detail", …}`.

        `is_part` says whether the body is one event of a list that was split.
        """


@dataclass(frozen=True, slots=True)
class TriageDeps:
    """What the actions work with."""

    queue: DeadLetterQueue
    reader: DeadLetterReader
    writer: DeadLetterWriter
    signup_queue: SignupQueue
    forget_claim: ForgetClaim
    explainer: Explainer
    executor: Executor
    clock: Clock
