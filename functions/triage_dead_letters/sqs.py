"""The dead-letter queue, and the signup queue to which letters go back."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.sqs import chunks
from dead_letters.letter import DeadLetter
from dead_letters.ports import Delivery, Outgoing
from dead_letters.replay import size
from invites.errors import QueueError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


# Amazon SQS: messages of one call.
PER_CALL = 10
# How long a received letter is hidden: longer than a call handles letters, and short enough that no
# operator wonders where the letter is.
HIDE_SECONDS = 60
# A long poll, so that all of SQS's servers are asked.
WAIT_SECONDS = 1

_COUNTS: tuple[Any, ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class SqsDeadLetterQueue:
    """Letters in SQS.

    Args:
        client: A low-level client, which threads can share.
        url: The queue's URL.
        executor: Runs the batches of a call in parallel.
    """

    def __init__(self, client: "SQSClient", url: str, executor: Executor) -> None:
        self._client = client
        self._url = url
        self._executor = executor

    def count(self) -> int:
        """How many letters there are, hidden ones too: approximate, and up to a minute late.

        Raises:
            QueueError: SQS does not answer.
        """
        try:
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url, AttributeNames=list(_COUNTS)
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"the dead-letter queue cannot be read: {aws_error(error)}") from error
        return sum(int(answer["Attributes"].get(name, 0)) for name in _COUNTS)

    def receive(self) -> Sequence[DeadLetter]:
        """Up to 10 letters, hidden for a minute.

        Raises:
            QueueError: SQS does not answer.
        """
        try:
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=PER_CALL,
                VisibilityTimeout=HIDE_SECONDS,
                WaitTimeSeconds=WAIT_SECONDS,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueError(f"the dead-letter queue cannot be read: {aws_error(error)}") from error
        return [_letter(message) for message in answer.get("Messages", [])]

    def release(self, receipts: Sequence[str]) -> None:
        """Make letters visible at once; if that fails, they become visible within the minute."""
        list(self._executor.map(self._release, _chunks(receipts)))

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete letters.

        Raises:
            QueueError: Some letters may still be there.
        """
        errors = [error for error in self._executor.map(self._delete, _chunks(receipts)) if error]
        if errors:
            raise QueueError(f"letters were not deleted: {errors[0]}")

    def _release(self, receipts: Sequence[str]) -> str | None:
        url = self._url
        entries: Any = [{**entry, "VisibilityTimeout": 0} for entry in _entries(receipts)]
        return _error(
            lambda: self._client.change_message_visibility_batch(QueueUrl=url, Entries=entries)
        )

    def _delete(self, receipts: Sequence[str]) -> str | None:
        url, entries = self._url, _entries(receipts)
        return _error(lambda: self._client.delete_message_batch(QueueUrl=url, Entries=entries))


def _letter(message: Any) -> DeadLetter:  # noqa: ANN401 - as botocore gives it
    return DeadLetter(
        message["MessageId"],
        message["ReceiptHandle"],
        message["Body"],
        message.get("MessageAttributes", {}),
        int(message["Attributes"]["SentTimestamp"]) // 1000,
    )


def _entries(receipts: Sequence[str]) -> list[Any]:
    return [{"Id": str(n), "ReceiptHandle": receipt} for n, receipt in enumerate(receipts)]


def _error(call: Callable[[], Any]) -> str | None:
    """AWS's error in one word, of the call or of one of its entries; None if all went well."""
    try:
        answer = call()
    except (BotoCoreError, ClientError) as error:
        return aws_error(error)
    return next((str(failed["Code"]) for failed in answer.get("Failed", [])), None)


def _chunks(receipts: Sequence[str]) -> list[Sequence[str]]:
    return [receipts[n : n + PER_CALL] for n in range(0, len(receipts), PER_CALL)]


class SqsSignupQueue:
    """Sends to SQS.

    Args:
        client: A low-level client that makes each call once. A send that is repeated
            after a lost answer is a second message with the same mark, and both would count.
        url: The queue's URL.
        executor: Runs the calls in parallel.
    """

    def __init__(self, client: "SQSClient", url: str, executor: Executor) -> None:
        self._client = client
        self._url = url
        self._executor = executor

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """Send each message once; returns what came of each, in order."""
        batches = chunks(messages, lambda message: size(message.body, message.attributes))
        sent = self._executor.map(self._send, batches)
        return [delivery for batch in sent for delivery in batch]

    def _send(self, messages: Sequence[Outgoing]) -> list[Delivery]:
        entries: Any = [
            {
                "Id": str(number),
                "MessageBody": message.body,
                "MessageAttributes": message.attributes,
            }
            for number, message in enumerate(messages)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            delivery = Delivery(None, not _is_refusal(error), aws_error(error))
            return [delivery] * len(messages)
        sent, failed = answer.get("Successful", []), answer.get("Failed", [])
        by_id = {entry["Id"]: Delivery(entry["MessageId"]) for entry in sent}
        by_id |= {entry["Id"]: Delivery(None, error=entry["Code"]) for entry in failed}
        # Of an entry that the answer leaves out it is not known whether SQS took it.
        unknown = Delivery(None, is_unsure=True, error="no answer")
        return [by_id.get(entry["Id"], unknown) for entry in entries]


def _is_refusal(error: BotoCoreError | ClientError) -> bool:
    """Whether SQS certainly took nothing."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
