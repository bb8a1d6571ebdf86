"""Builders for tests: events in their envelopes, messages, and the parts that process them."""

import base64
import json
from concurrent.futures import Executor
from typing import Any

from invites.batch import BatchProcessor, InviteSender, Ledger
from invites.invite import InviteRules
from invites.message import Message
from invites.signup import CREATED

RULES = InviteRules(default_roles=("Artist",))


def cloud_event(data: object, kind: str = CREATED, event_id: str = "evt-1") -> dict[str, Any]:
    """A CloudEvent, its data as an object."""
    head = {"specversion": "1.0", "type": kind, "source": "/test", "id": event_id}
    return {**head, "data": data}


def cloud_event_base64(data: bytes, kind: str = CREATED) -> dict[str, Any]:
    """A CloudEvent, its data in base64."""
    event = cloud_event(None, kind)
    del event["data"]
    return {**event, "data_base64": base64.b64encode(data).decode()}


def sns(inner: object) -> dict[str, Any]:
    """The envelope of an SNS notification."""
    return {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:eu-west-2:123456789012:signups",
        "Message": json.dumps(inner),
    }


def eventbridge(inner: object, kind: str = "com.example.forwarded") -> dict[str, Any]:
    """The envelope of an EventBridge event."""
    return {"id": "eb-1", "detail-type": kind, "source": "com.example", "detail": inner}


def signup(number: int = 1) -> dict[str, Any]:
    """The canonical event of a person of one's own."""
    return cloud_event({"email": f"person{number}@example.test"}, event_id=f"evt-{number}")


def message(body: object, number: int = 1, receives: int = 1) -> Message:
    """A message; a body that is not text is written as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Message(f"message-{number}", f"receipt-{number}", text, receives, 1_772_442_900.5)


def record(body: object, number: int = 1, receives: int = 1) -> dict[str, Any]:
    """A record as Lambda hands it over."""
    one = message(body, number, receives)
    return {
        "messageId": one.id,
        "receiptHandle": one.receipt_handle,
        "body": one.body,
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": "1772442900500",
        },
        "eventSource": "aws:sqs",
    }


def processor(
    sender: InviteSender, ledger: Ledger, executor: Executor, rules: InviteRules = RULES
) -> BatchProcessor:
    """The real processor, without a spread of the waits."""
    return BatchProcessor(rules, sender, ledger, executor, draw=lambda: 1.0)
