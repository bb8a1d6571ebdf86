"""The ledger: a DynamoDB table that remembers, by message, why it failed."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from invites.errors import Code, LedgerError
from invites.message import Message
from invites.origin import Origin
from invites.outcome import Outcome, Verdict
from invites.redaction import loggable_id
from send_invites.aws_errors import aws_error, is_condition_failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A reason outlives its message: 7 days in the queue and 14 in the dead-letter queue at most.
REASON_DAYS = 30


class DynamoLedger:
    """Reasons by message id, in rows with the key `message#ID`. Safe to use from threads.

    Args:
        client: A low-level client; those can be shared between threads.
        table: The table's name.
        now: The wall clock, epoch seconds.
    """

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], float]) -> None:
        self._client = client
        self._table = table
        self._now = now

    def stops(self, messages: Sequence[Message]) -> Mapping[str, Outcome]:
        """By message id, the stop that an earlier receive ended in.

        Args:
            messages: At most 100, which is what one BatchGetItem takes and the largest batch.

        Raises:
            LedgerError: If any of them could not be read.
        """
        # DynamoDB refuses a key twice, as of a message that was delivered twice.
        ids = dict.fromkeys(message.id for message in messages)
        keys: list[Any] = [{"pk": {"S": _key(one)}} for one in ids]
        try:
            answer = self._client.batch_get_item(
                # Consistent: the row may have been written a moment ago, by the receive before.
                RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
            )
        except (BotoCoreError, ClientError) as error:
            raise LedgerError(f"the ledger cannot be read: {aws_error(error)}") from error
        if answer.get("UnprocessedKeys"):
            raise LedgerError("the ledger cannot be read: throttled")
        rows = answer["Responses"].get(self._table, [])
        stopped = (row for row in rows if row.get("verdict", {}).get("S") == Verdict.STOP)
        return {row["pk"]["S"].removeprefix(_key("")): _outcome(row) for row in stopped}

    def record(self, message: Message, origin: Origin, outcome: Outcome) -> None:
        """Keep the last reason of a message that failed; that of a stop is the last there is.

        Raises:
            LedgerError: If it was not written.
        """
        now = int(self._now())
        values: dict[str, Any] = {
            "verdict": {"S": outcome.verdict},
            "code": {"S": outcome.code or ""},
            "cause": {"S": outcome.cause or ""},
            "source": {"S": loggable_id(origin.source) or ""},
            "event_id": {"S": loggable_id(origin.event_id) or ""},
            "detail": {"S": ": ".join(filter(None, (outcome.detail, outcome.said)))},
            "status": {"N": str(outcome.status)} if outcome.status else {"NULL": True},
            "attempts": {"N": str(message.receive_count)},
            "sent_at": {"N": str(int(message.sent_at))},
            "last_tried": {"N": str(now)},
            "expires_at": {"N": str(now + REASON_DAYS * 24 * 3600)},
        }
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": _key(message.id)}},
                UpdateExpression="SET first_tried = if_not_exists(first_tried, :last_tried), "
                + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression="attribute_not_exists(pk) OR #verdict <> :stop",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    ":stop": {"S": Verdict.STOP},
                    **{f":{name}": value for name, value in values.items()},
                },
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                # It was stopped before, and that could not be read just now.
                return
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error


def _key(message_id: str) -> str:
    return f"message#{message_id}"


def _outcome(row: Mapping[str, Any]) -> Outcome:
    """A row may have been written by another version of this code: only that it stops counts."""
    code, status = row.get("code", {}).get("S"), row.get("status", {}).get("N")
    return Outcome(
        Verdict.STOP,
        Code(code) if code in set(Code) else None,
        row.get("detail", {}).get("S", ""),
        int(status) if status else None,
    )
