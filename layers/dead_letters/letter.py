"""A dead letter: what the ledger knows of it, and the message itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from invites.reading.splitting import PART_OF


class State(StrEnum):
    """What was done with a letter."""

    WAITING = "waiting"
    # A replay was begun; whether the queue has the message is not known.
    SENDING = "sending"
    SENT = "sent"
    DISCARDED = "discarded"
    # It is in the dead-letter queue no more, and nobody here took it: SQS's own redrive did.
    LEFT = "left"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do but to delete the letter."""
        return self in (State.SENT, State.DISCARDED)


# The reason of a letter that the function never ran for, or could not write down.
CAUSE_UNKNOWN = "cause_unknown"


@dataclass(frozen=True, slots=True)
class DeadLetterRecord:
    """What the ledger knows. Times are epoch seconds.

    Attributes:
        message_id: SQS's, as its console shows it.
        code: The reason, as of `invites.errors.Code`, or `cause_unknown`.
        cause: The code of the last try, of a letter that ran out of them; else empty.
        detail: The reason in words.
        status: The API's; None if it was not asked.
        source: Which system sent it, if it says so.
        event_id: That system's id of the event.
        attempts: How often the function had received it.
        sent_at: When it was first sent, from which its end counts.
        first_tried: When the function first failed on it; 0 if it never did.
        last_tried: When it last did, or when the letter was found.
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
        attributes: The producer's message attributes, in the form that SQS takes them back in.
        sent_at: Epoch seconds.
    """

    message_id: str
    receipt_handle: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: int

    @property
    def is_part(self) -> bool:
        """Whether it is one of the events of a list."""
        return PART_OF in self.attributes
