"""The queue: records in, messages hidden, deleted and split, and the partial batch answer out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import TYPE_CHECKING, Any, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.sqs import chunks
from invites.errors import QueueError
from invites.job import Job
from invites.message import REPLAY_OF, Message, read_mark
from invites.reading.splitting import PART_OF, PART_OVERHEAD, SplitEvents
from invites.retry import Fate

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


# The most calls with events of a list at the same time. Each holds up to 1 MiB of them several
# times over: as text, as JSON and as bytes.
MAX_PARALLEL_SENDS = 8


def to_messages(event: dict[str, Any]) -> list[Message]:
    """The messages of a Lambda event; none if it has no records.

    Raises:
        KeyError: For a record that SQS cannot have sent. The whole batch then comes back.
    """
    return [
        Message(
            id=record["messageId"],
            receipt_handle=record["receiptHandle"],
            body=record["body"],
            receive_count=int(record["attributes"]["ApproximateReceiveCount"]),
            sent_at=int(record["attributes"]["SentTimestamp"]) / 1000,
            replay=read_mark(_text(record, REPLAY_OF)),
            is_part=PART_OF in record.get("messageAttributes", {}),
        )
        for record in event.get("Records") or ()
    ]


def _text(record: dict[str, Any], attribute: str) -> str | None:
    value = record.get("messageAttributes", {}).get(attribute, {}).get("stringValue")
    return value if isinstance(value, str) else None


class SignupQueue:
    """The queue that the messages came from.

    Args:
        client: A low-level client; those can be shared between threads.
        url: The queue's URL.
        executor: Runs the calls side by side. Each call is about one message: a failed message is
            rare, and a batched call takes the same time and mixes errors of several messages.
    """

    def __init__(self, client: "SQSClient", url: str, executor: Executor) -> None:
        self._client = client
        self._url = url
        self._executor = executor

    def hide(self, jobs: Sequence[Job]) -> dict[str, str]:
        """Hide each message that stays, by its visibility timeout.

        Returns:
            By message id, the error for which SQS did not hide it. Such a message comes again after
            the queue's own visibility timeout: sooner or later than it should, but it comes.
        """
        kept = [job for job in jobs if job.disposition.fate is not Fate.DELETE]
        return self._settle(kept, self._hide)

    def delete(self, jobs: Sequence[Job]) -> dict[str, str]:
        """Delete each message that is done, before the partial batch answer does.

        Returns:
            By message id, the error for which SQS did not delete it. The answer still deletes it.
        """
        done = [job for job in jobs if job.disposition.fate is Fate.DELETE]
        return self._settle(done, self._delete)

    def split(self, message: Message, events: SplitEvents, is_late: Callable[[], bool]) -> None:
        """Send each event to this queue as a message of its own, some calls at a time.

        An event that SQS refuses does not hold up the others. Where every call of a round fails,
        no further call is made.

        Raises:
            QueueError: Not all were sent. Those that were will be sent again, and do no harm.
        """
        calls = chunks(_entries(message, events), _size)
        failed: set[str] = set()
        while some := list(islice(calls, MAX_PARALLEL_SENDS)):
            if is_late():
                failed.add("no time was left")
                break
            errors = [error for error in self._executor.map(self._send, some) if error]
            failed.update(errors)
            if len(errors) == len(some):
                break
        if failed:
            raise QueueError(f"the parts were not all sent: {', '.join(sorted(failed))}")

    def _settle(self, jobs: Sequence[Job], settle: Callable[[Job], str | None]) -> dict[str, str]:
        errors = self._executor.map(settle, jobs)
        return {job.message.id: error for job, error in zip(jobs, errors, strict=True) if error}

    def _hide(self, job: Job) -> str | None:
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=job.message.receipt_handle,
                VisibilityTimeout=job.disposition.wait,
            )
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return None

    def _delete(self, job: Job) -> str | None:
        try:
            self._client.delete_message(
                QueueUrl=self._url, ReceiptHandle=job.message.receipt_handle
            )
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return None

    def _send(self, entries: Sequence[Any]) -> str | None:
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return next((entry["Code"] for entry in answer.get("Failed", [])), None)


def _entries(message: Message, events: SplitEvents) -> Iterator[dict[str, Any]]:
    """Deterministic: an event of a message gets the same name at each try."""
    for number, body in enumerate(events):
        name = {"DataType": "String", "StringValue": f"{message.id}/{number}"}
        yield {"Id": str(number), "MessageBody": body, "MessageAttributes": {PART_OF: name}}


def _size(entry: Mapping[str, Any]) -> int:
    return len(entry["MessageBody"].encode()) + PART_OVERHEAD


class ItemFailure(TypedDict):
    """One message that stays in the queue."""

    itemIdentifier: str


class PartialAnswer(TypedDict):
    """What Lambda expects of a function with ReportBatchItemFailures.

    A misspelt key here would read as success, and delete every message.
    """

    batchItemFailures: list[ItemFailure]


def partial_answer(jobs: Sequence[Job]) -> PartialAnswer:
    """Name the messages that SQS must keep; Lambda deletes the others."""
    kept = (job.message.id for job in jobs if job.disposition.fate is not Fate.DELETE)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in kept]}
