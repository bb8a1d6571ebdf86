"""Records of a Lambda event, as the domain's messages."""

from typing import Any

from invites.message import Message
from invites.parts import PART_OF
from invites.replay_mark import ATTRIBUTE, read_mark


def to_messages(event: dict[str, Any]) -> list[Message]:
    """The messages of a Lambda event; none if it has no records.

    Raises:
        KeyError: For a record that SQS cannot have sent. The batch then comes back as a whole.
    """
    return [
        Message(
            id=record["messageId"],
            receipt_handle=record["receiptHandle"],
            body=record["body"],
            receive_count=int(record["attributes"]["ApproximateReceiveCount"]),
            sent_at=int(record["attributes"]["SentTimestamp"]) / 1000,
            replay=read_mark(_text(record, ATTRIBUTE)),
            is_part=PART_OF in record.get("messageAttributes", {}),
        )
        for record in event.get("Records") or ()
    ]


def _text(record: dict[str, Any], attribute: str) -> str | None:
    value = record.get("messageAttributes", {}).get(attribute, {}).get("stringValue")
    return value if isinstance(value, str) else None
