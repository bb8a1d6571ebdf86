"""Whether the mark of a replay fits onto a message."""

from collections.abc import Mapping
from typing import Any

from invites.replay_mark import ATTRIBUTE, ReplayMark

# Amazon SQS, message quotas: attributes of a message; bytes of body and attributes together.
MOST_ATTRIBUTES = 10
MOST_BYTES = 1024 * 1024


def marked(body: str, attributes: Mapping[str, Any], mark: ReplayMark) -> dict[str, Any] | None:
    """The attributes with the mark among them; None if it does not fit."""
    both = {**attributes, ATTRIBUTE: {"DataType": "String", "StringValue": str(mark)}}
    fits = len(both) <= MOST_ATTRIBUTES and size(body, both) <= MOST_BYTES
    return both if fits else None


def size(body: str, attributes: Mapping[str, Any]) -> int:
    """Bytes that count towards SQS's limit: the body, and each attribute's name, type and value."""
    return len(body.encode()) + sum(
        len(name.encode())
        + len(one["DataType"].encode())
        + len(one["BinaryValue"] if "BinaryValue" in one else one["StringValue"].encode())
        for name, one in attributes.items()
    )
