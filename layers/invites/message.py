"""A message as the queue delivers it, and the mark of one that is a replay of a dead letter."""

import re
from dataclasses import dataclass

# The message attribute that carries the replay mark.
REPLAY_OF = "replay-of"

_MARK = re.compile(r"([\w-]{1,100})/([\w-]{1,64})/([1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a batch.

    Attributes:
        id: SQS message id. The answer and the ledger's reason name the message by it. A dead letter
            that is sent again gets a new one, so nothing that must outlive that is keyed on it.
        receipt_handle: Names this receive, for changing its visibility.
        body: The text that the producer sent, unchanged.
        receive_count: How often SQS has delivered it, this receive included (1 or more).
        sent_at: When SQS accepted it, epoch seconds.
        replay: The mark of a replayed dead letter; None for any other message.
        is_part: Whether it is one event of a list that was split.
    """

    id: str
    receipt_handle: str
    body: str
    receive_count: int
    sent_at: float
    replay: "ReplayMark | None" = None
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class ReplayMark:
    """Names the dead letter that was replayed, and the attempt that sent this copy.

    Attributes:
        message_id: The dead letter's message id, under which the ledger knows of the replay.
        token: A secret that the ledger keeps with the replay, so that no producer can forge a mark.
        attempt: Counts the attempts to send this dead letter, from 1. Copies of one attempt, as
            SQS's own redrive makes, have the same number.
    """

    message_id: str
    token: str
    attempt: int

    def __str__(self) -> str:
        """The attribute's value."""
        return f"{self.message_id}/{self.token}/{self.attempt}"


def read_mark(text: str | None) -> ReplayMark | None:
    """The mark, or None if the text is not a mark: any producer can set the attribute."""
    found = _MARK.fullmatch(text or "")
    return ReplayMark(found[1], found[2], int(found[3])) if found else None
