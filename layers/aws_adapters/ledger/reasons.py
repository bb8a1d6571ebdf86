"""The reasons in the ledger: by message, why it failed, and which replay of it counts."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from aws_adapters.ledger.rows import (
    DEAD_LETTER,
    IS_DEAD_LETTER,
    REASON_SECONDS,
    message_id,
    message_key,
    number,
)
from invites.errors import Code, LedgerError
from invites.job import Trace
from invites.message import Message, ReplayMark
from invites.outcome import Outcome, Reply, Verdict
from invites.redaction import loggable_id
from invites.signup import Origin

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# The attribute that counts how often the API has called a message a bad request.
BAD_REQUESTS = "bad_requests"


class DynamoReasonStore:
    """Reasons by message id, in rows with the key `message#ID`. Safe to use from several threads.

    Args:
        client: A low-level client; those can be shared between threads.
        table: The table's name.
        now: The wall clock, epoch seconds.
    """

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], float]) -> None:
        self._client = client
        self._table = table
        self._now = now

    def recall(self, messages: Sequence[Message]) -> Mapping[str, Trace]:
        """By message id, what earlier receives have left; a message without a row is left out.

        Args:
            messages: At most 100: the most that one BatchGetItem takes, and the largest batch.

        Raises:
            LedgerError: Not all messages could be read.
        """
        # DynamoDB refuses a request that has a key twice; SQS may deliver a message twice.
        ids = dict.fromkeys(message.id for message in messages)
        keys: list[Any] = [message_key(known_id) for known_id in ids]
        try:
            answer = self._client.batch_get_item(
                # Consistent: the receive before may have written the row a moment ago.
                RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
            )
        except (BotoCoreError, ClientError) as error:
            raise LedgerError(f"the ledger cannot be read: {aws_error(error)}") from error
        if answer.get("UnprocessedKeys"):
            raise LedgerError("the ledger cannot be read: throttled")
        rows = answer["Responses"].get(self._table, [])
        return {message_id(row): _trace(row) for row in rows}

    def record(
        self, message: Message, origin: Origin, outcome: Outcome, bad_requests: int = 0
    ) -> None:
        """Keep the last reason of a message that failed; the reason of a stop is never replaced.

        Args:
            message: The message that failed.
            origin: Where it comes from.
            outcome: Why it failed.
            bad_requests: How often the API has called it a bad request.

        Raises:
            LedgerError: The reason was not written.
        """
        now = int(self._now())
        values: dict[str, Any] = {
            "verdict": {"S": outcome.verdict},
            "code": {"S": outcome.code or ""},
            "cause": {"S": outcome.cause or ""},
            "source": {"S": loggable_id(origin.sender) or ""},
            "event_id": {"S": loggable_id(origin.event_id) or ""},
            "detail": {"S": ": ".join(filter(None, (outcome.detail, outcome.reply.message)))},
            "status": {"N": str(outcome.reply.status)} if outcome.reply.status else {"NULL": True},
            "attempts": number(message.receive_count),
            "sent_at": number(message.sent_at),
            "last_tried": number(now),
            "expires_at": number(now + REASON_SECONDS),
        }
        if bad_requests:
            values[BAD_REQUESTS] = number(bad_requests)
        if outcome.verdict is Verdict.STOP:
            values[DEAD_LETTER] = IS_DEAD_LETTER
        try:
            self._client.update_item(
                TableName=self._table,
                Key=message_key(message.id),
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
                # The message was stopped before, and its row could not be read in this receive.
                return
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether this copy of a replayed message counts: the first one to come does.

        Raises:
            LedgerError: The ledger could not be asked.
        """
        try:
            self._client.update_item(
                TableName=self._table,
                Key=message_key(mark.message_id),
                UpdateExpression="SET accepted_attempt = :attempt",
                ConditionExpression="replay_token = :token AND "
                "(attribute_not_exists(accepted_attempt) OR accepted_attempt = :attempt)",
                ExpressionAttributeValues={
                    ":token": {"S": mark.token},
                    ":attempt": number(mark.attempt),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                # A mark that the ledger does not know, or not any more, is no reason to drop a
                # message.
                return bool(condition_item(error).get("replay_token") != {"S": mark.token})
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return True


def _trace(row: Mapping[str, Any]) -> Trace:
    is_stop = row.get("verdict", {}).get("S") == Verdict.STOP
    bad_requests = int(row.get(BAD_REQUESTS, {}).get("N", 0))
    return Trace(_outcome(row) if is_stop else None, bad_requests)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    """The stop in a row. Another version of this code may have written it: only the stop counts."""
    code, status = row.get("code", {}).get("S"), row.get("status", {}).get("N")
    return Outcome(
        Verdict.STOP,
        Code(code) if code in set(Code) else None,
        row.get("detail", {}).get("S", ""),
        reply=Reply(int(status) if status else None),
    )
