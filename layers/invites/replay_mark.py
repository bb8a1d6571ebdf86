"""The mark on a message that is a dead letter sent anew.

Whoever sends it may die before it is known whether the queue has it, and then sends it again. The
mark tells such copies apart, so that only one of them counts.
"""

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
