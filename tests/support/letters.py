"""Dead letters of a deployed stack: put into its queue, and taken out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from support.stack import Stack
from support.waiting import wait_until


@dataclass(frozen=True, slots=True)
class TakenLetter:
    """A message as the dead-letter queue gives it, and its row in the ledger."""

    message: dict[str, Any]
    reason: dict[str, Any]


def take_letter(stack: Stack, message_id: str) -> TakenLetter:
    """Wait for a message to be dead-lettered, then receive and delete it."""
    wait_until(
        lambda: any(
            message["MessageId"] == message_id for message in stack.messages("DeadLetterQueueUrl")
        ),
        f"message {message_id} to be dead-lettered",
    )
    sqs, url = stack.client("sqs"), stack.outputs["DeadLetterQueueUrl"]
    received = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )["Messages"]
    letter = next(message for message in received if message["MessageId"] == message_id)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
    reason = stack.reason(message_id)
    assert reason is not None, f"the ledger knows nothing of message {message_id}"
    return TakenLetter(letter, reason)


def put_letters(stack: Stack, bodies: Sequence[str]) -> list[str]:
    """Put letters into the queue for which the function never ran; returns their message ids."""
    sqs, url, ids = stack.client("sqs"), stack.outputs["DeadLetterQueueUrl"], []
    for start in range(0, len(bodies), 10):
        part = bodies[start : start + 10]
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(part)]
        answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
        ids += [str(entry["MessageId"]) for entry in answer["Successful"]]
    return ids
