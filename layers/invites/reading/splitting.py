"""Many events in one message: each becomes a message of its own."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from invites.errors import Code, RejectedError

# The most messages, and bytes of messages, that one message may become: 1,000 SendMessageBatch,
# which SQS answers in seconds. The largest list that a system is known to send has some hundred
# events of some kilobytes.
MAX_PARTS = 10_000
MAX_BYTES = 16 * 1024 * 1024

# Amazon SQS, message quotas: bytes of a message, its attributes included.
MESSAGE_BYTES = 1024 * 1024

# The message attribute that marks a part: the id of the whole message, and the part's number.
PART_OF = "part-of"
# Bytes of the attribute's name, type and value, generously.
PART_OVERHEAD = 128

# Amazon SQS, SendMessage: the characters that a message may not hold. JSON escapes those below the
# space anyway.
_NOT_FOR_SQS = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class SplitEvents:
    """Many events in one message; iterating gives each as the body of a message of its own.

    Each body is made when it is needed: together they can be 16 times as long as the message.

    Attributes:
        field: The field that holds the list.
        events: Each event: JSON in UTF-8.
        before, after: What every body repeats around its event.
    """

    field: str
    events: tuple[bytes, ...]
    before: bytes = b""
    after: bytes = b""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.events)

    def __iter__(self) -> Iterator[str]:
        """The bodies, in order."""
        return ((self.before + event + self.after).decode() for event in self.events)


def as_events(items: list[Any], field: str) -> list[dict[str, Any]]:
    """The items of a list, if each can be an event.

    Raises:
        RejectedError: `malformed_body`, naming the list or its first item that is no object.
    """
    if not items:
        raise RejectedError(Code.MALFORMED_BODY, field, "is an empty list")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            name = f"{field}[{index}]"
            raise RejectedError(Code.MALFORMED_BODY, name, "is not a JSON object")
    return items


def split_list(
    events: Sequence[dict[str, Any]], field: str, before: str = "", after: str = ""
) -> SplitEvents:
    """Make a message of each event.

    Args:
        events: At least one.
        field: What the list was read from, for the error.
        before: What each message has before its event.
        after: What each message has after its event.

    Raises:
        RejectedError: `malformed_body`, for more or longer messages than may be sent.
    """
    if len(events) > MAX_PARTS:
        raise RejectedError(Code.MALFORMED_BODY, field, f"lists over {MAX_PARTS} events")
    parts = SplitEvents(field, (), before.encode(), after.encode())
    repeated = len(parts.before) + len(parts.after) + PART_OVERHEAD
    # Checked before the events are written: what each repeats makes a small message large.
    _check_total(repeated * len(events), field)
    written = tuple(compact(event, field).encode() for event in events)
    for index, event in enumerate(written):
        if len(event) + repeated > MESSAGE_BYTES:
            name = f"{field}[{index}]"
            raise RejectedError(Code.MALFORMED_BODY, name, "is too long for a message of its own")
    _check_total(repeated * len(events) + sum(map(len, written)), field)
    return SplitEvents(field, written, parts.before, parts.after)


def compact(value: object, field: str) -> str:
    """Write JSON about as long as it was, with the characters escaped that SQS refuses.

    Raises:
        RejectedError: `malformed_body`, naming the field, for nesting that can just be parsed, but
            not written.
    """
    try:
        text = _ENCODER.encode(value)
    except RecursionError as error:
        raise RejectedError(Code.MALFORMED_BODY, field, "is nested too deeply") from error
    return _NOT_FOR_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _check_total(length: int, field: str) -> None:
    if length > MAX_BYTES:
        problem = f"would become messages of over {MAX_BYTES >> 20} MiB in all"
        raise RejectedError(Code.MALFORMED_BODY, field, problem)
