"""Many events in one message: each becomes a message of its own."""

import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from invites.errors import Code, RejectedError
from invites.message import Message

# As many events as fit into the 1 MiB that SQS takes, at about 100 bytes each. More are no events,
# and each would become a message.
MAX_PARTS = 10_000

# Amazon SQS, SendMessage: the characters that a message may not hold. JSON escapes those below
# the space by itself.
_NOT_FOR_SQS = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Parts:
    """Many events in one message, each as the body of a message of its own."""

    bodies: tuple[str, ...]


class Splitter(Protocol):
    """Makes many messages of one."""

    def split(self, message: Message, parts: Parts) -> None:
        """Send each part as a message of its own; raises QueueError."""


def split_list(events: list[Any], field: str) -> Parts:
    """Make a message of each event.

    Args:
        events: A JSON list.
        field: What the list was read from, for the error.

    Raises:
        RejectedError: `malformed_body`, for a list that is no list of events.
    """
    if not events:
        raise RejectedError(Code.MALFORMED_BODY, field, "is an empty list")
    if len(events) > MAX_PARTS:
        raise RejectedError(Code.MALFORMED_BODY, field, f"lists over {MAX_PARTS} events")
    if any(isinstance(event, list) for event in events):
        # Each list would be split in turn, with no end in sight.
        raise RejectedError(Code.MALFORMED_BODY, field, "is a list of lists")
    return Parts(tuple(_compact(event) for event in events))


def _compact(event: object) -> str:
    """As JSON about as long as it was, with the characters escaped that SQS refuses."""
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return _NOT_FOR_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
