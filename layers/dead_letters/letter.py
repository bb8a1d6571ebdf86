"""A dead letter: its record in the ledger, and the message itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from invites.reading.splitting import PART_OF


class State(StrEnum):
    """What was done with a letter."""

    WAITING = "waiting"
    # A replay was begun; whether the signup queue has the message is not known.
    SENDING = "sending"
    SENT = "sent"
    DISCARDED = "discarded"
    # No longer in the dead-letter queue, and no action here took it: SQS's own redrive did.
    LEFT = "left"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do but to delete the letter."""
        return self in (State.SENT, State.DISCARDED)


# The reason of a letter for which the function never ran, or could not write down a reason.
CAUSE_UNKNOWN = "cause_unknown"


@dataclass(frozen=True, slots=True)
class DeadLetterRecord:
    """What the ledger knows of a letter. Times are epoch seconds.

    Attributes:
        message_id: SQS's, as its console shows it.
        code: The reason: a value of `invites.errors.Code`, or `cause_unknown`.
        cause: The code of the last try, if the letter ran out of tries; else empty.
        detail: The reason in words.
        status: The API's status; None if the API was not asked.
        source: The system that sent the event, if the event names it.
        event_id: That system's id of the event.
        attempts: How often the function had received the message.
        sent_at: When the message was first sent; SQS's retention counts from it.
        first_tried: When the function first failed on it; 0 if the function never ran for it.
        last_tried: When the function last failed on it, or when a scan found the letter.
        state: What was done with it.
    """

    message_id: str
    code: str
    cause: str
    detail: str
    status: int | None
    source: str
    event_id: str
    attempts: int
    sent_at: int
    first_tried: int
    last_tried: int
    state: State = State.WAITING


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter as it was received from the dead-letter queue.

    Attributes:
        message_id: SQS's.
        receipt_handle: Names this receive.
        body: As the producer sent it.
        attributes: The producer's message attributes, in the form in which SQS takes them back.
        sent_at: When the message was first sent, epoch seconds.
    """

    message_id: str
    receipt_handle: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: int

    @property
    def is_part(self) -> bool:
        """Whether it is one event of a list that was split."""
        return PART_OF in self.attributes
