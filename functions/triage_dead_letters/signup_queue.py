"""The signup queue, to which letters go back."""

from collections.abc import Sequence
from concurrent.futures import Executor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.batches import chunks
from aws_support.errors import aws_error
from dead_letters.fitting import size
from dead_letters.ports import Delivery, Outgoing

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsSignups:
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
