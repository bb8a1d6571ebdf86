"""The two queues of triage: the dead-letter queue, and the signup queue that letters go back to."""

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


# What SQS takes and gives in one call.
PER_CALL = 10
# Hidden for so long while it is dealt with: longer than a call works, shorter than an operator
# would wonder where the letter is.
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
        client: A low-level client; those can be shared between threads.
        url: The queue's URL.
        executor: Runs the batches of a call side by side.
    """

    def __init__(self, client: "SQSClient", url: str, executor: Executor) -> None:
        self._client = client
        self._url = url
        self._executor = executor

    def count(self) -> int:
        """How many letters there are, hidden ones too: approximate, and up to a minute late.

        Raises:
            QueueError: SQS does not say.
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
        return [_letter(one) for one in answer.get("Messages", [])]

    def release(self, receipts: Sequence[str]) -> None:
        """Make letters visible at once; those for which that fails are within the minute."""
        list(self._executor.map(self._release, _chunks(receipts)))

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete letters.

        Raises:
            QueueError: Some may still be there.
        """
        failed = [one for one in self._executor.map(self._delete, _chunks(receipts)) if one]
        if failed:
            raise QueueError(f"letters were not deleted: {failed[0]}")

    def _release(self, receipts: Sequence[str]) -> str | None:
        url = self._url
        entries: Any = [{**one, "VisibilityTimeout": 0} for one in _entries(receipts)]
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
    """AWS's error in one word, of the call or of any entry."""
    try:
        answer = call()
    except (BotoCoreError, ClientError) as error:
        return aws_error(error)
    return next((str(one["Code"]) for one in answer.get("Failed", [])), None)


def _chunks(receipts: Sequence[str]) -> list[Sequence[str]]:
    return [receipts[n : n + PER_CALL] for n in range(0, len(receipts), PER_CALL)]


class SqsSignupQueue:
    """Sends to SQS.

    Args:
        client: A low-level client that makes each call once: a repeated send that had worked
            would be a second letter, which no mark tells from the first.
        url: The queue's URL.
        executor: Runs the calls side by side.
    """

    def __init__(self, client: "SQSClient", url: str, executor: Executor) -> None:
        self._client = client
        self._url = url
        self._executor = executor

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Delivery]:
        """Send each message once; what came of it, in order."""
        batches = chunks(messages, lambda one: size(one.body, one.attributes))
        sent = self._executor.map(self._send, batches)
        return [delivery for batch in sent for delivery in batch]

    def _send(self, messages: Sequence[Outgoing]) -> list[Delivery]:
        entries: Any = [
            {
                "Id": str(number),
                "MessageBody": one.body,
                "MessageAttributes": one.attributes,
            }
            for number, one in enumerate(messages)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            failed = Delivery(None, not _is_refusal(error), aws_error(error))
            return [failed] * len(messages)
        by_id = {one["Id"]: Delivery(one["MessageId"]) for one in answer.get("Successful", [])}
        by_id |= {one["Id"]: Delivery(None, error=one["Code"]) for one in answer.get("Failed", [])}
        # An entry that the answer leaves out: nobody knows.
        unknown = Delivery(None, is_unsure=True, error="no answer")
        return [by_id.get(entry["Id"], unknown) for entry in entries]


def _is_refusal(error: BotoCoreError | ClientError) -> bool:
    """Whether SQS surely took nothing."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
