"""What Lambda does with a function's answer, and what it gives the function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """What the handler reads of Lambda's context object."""

    aws_request_id: str
    ends_at: float
    now: Callable[[], float]

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""
        return int((self.ends_at - self.now()) * 1000)


def failed_ids(answer: object, batch: Sequence[str]) -> set[str]:
    """The messages that stay in the queue, by a function's answer.

    AWS Lambda, "Handling errors for an SQS event source", success and failure conditions: an
    answer that is empty or null, or whose `batchItemFailures` is, is a success. An item without
    `itemIdentifier`, or whose identifier is empty, null or unknown, fails the whole batch.
    """
    if not isinstance(answer, dict):
        return set() if answer is None or answer == "" else set(batch)
    failures = answer.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return set(batch)
    ids = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in failures]
    is_known = all(message_id in batch for message_id in ids)
    return {str(message_id) for message_id in ids} if is_known else set(batch)
