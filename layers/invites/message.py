"""A message as the queue delivers it, and the mark of one that is a replay of a dead letter."""

import re
from dataclasses import dataclass

# The message attribute that carries it.
ATTRIBUTE = "replay-of"

_TEXT = re.compile(r"([\w-]{1,100})/([\w-]{1,64})/([1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReplayMark:
    """Which letter it was, and by which try it was sent.

    Attributes:
        message_id: The dead letter's message id, under which the ledger knows of the replay.
        token: As the ledger has it; nobody else can know it.
        attempt: Counts the tries to send this letter, from 1. Copies of one try, as SQS's own
            redrive makes, have the same.
    """

    message_id: str
    token: str
    attempt: int

    def __str__(self) -> str:
        """As the attribute holds it."""
        return f"{self.message_id}/{self.token}/{self.attempt}"


def read_mark(text: str | None) -> ReplayMark | None:
    """The mark, or None for what is none: any producer can set the attribute."""
    found = _TEXT.fullmatch(text or "")
    return ReplayMark(found[1], found[2], int(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a batch.

    Attributes:
        id: SQS message id: the handle for the answer and the ledger's reason. It changes when a
            dead letter is sent again, so nothing that must outlive that is keyed on it.
        receipt_handle: Names this receive, for changing its visibility.
        body: The text that the producer sent, untouched.
        receive_count: How often SQS has delivered it, this time included (1 or more).
        sent_at: When SQS accepted it, epoch seconds.
        replay: Of which dead letter it is a replay; None if it says of none.
        is_part: Whether it is one of the events of a list.
    """

    id: str
    receipt_handle: str
    body: str
    receive_count: int
    sent_at: float
    replay: ReplayMark | None = None
    is_part: bool = False
