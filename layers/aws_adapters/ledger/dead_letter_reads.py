"""The ledger's rows on dead letters, read."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.ledger.rows import (
    DEAD_LETTER,
    DEAD_LETTERS_INDEX,
    IS_DEAD_LETTER,
    message_id,
    message_key,
    number,
)
from dead_letters.letter import CAUSE_UNKNOWN, DeadLetterRecord, State
from invites.errors import LedgerError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# What one BatchGetItem takes.
KEYS_PER_CALL = 100


class DynamoDeadLetterReader:
    """Reads rows.

    Args:
        client: A low-level client.
        table: The ledger's name.
        executor: Runs calls side by side.
        now: The wall clock, epoch seconds.
        retention: Seconds that the dead-letter queue keeps a message from its first send.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        executor: Executor,
        now: Callable[[], float],
        retention: int,
    ) -> None:
        self._client = client
        self._table = table
        self._executor = executor
        self._now = now
        self._retention = retention

    def dead(self) -> Sequence[DeadLetterRecord]:
        """All that are believed to be in the queue; those that SQS has deleted by now are not.

        Raises:
            LedgerError: They cannot be read.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=DEAD_LETTERS_INDEX,
            KeyConditionExpression="#dead = :dead AND sent_at > :oldest",
            ExpressionAttributeNames={"#dead": DEAD_LETTER},
            ExpressionAttributeValues={
                ":dead": IS_DEAD_LETTER,
                ":oldest": number(self._now() - self._retention),
            },
        )
        try:
            return [read_row(item) for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise _unreadable(error) from error

    def rows(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """What is known of these messages, by id.

        Raises:
            LedgerError: They cannot all be read.
        """
        starts = range(0, len(message_ids), KEYS_PER_CALL)
        parts = [message_ids[start : start + KEYS_PER_CALL] for start in starts]
        found = itertools.chain.from_iterable(self._executor.map(self._get, parts))
        return {row.message_id: row for row in found}

    def _get(self, message_ids: Sequence[str]) -> list[DeadLetterRecord]:
        rows: list[DeadLetterRecord] = []
        request: Any = {self._table: {"Keys": [message_key(one) for one in message_ids]}}
        request[self._table]["ConsistentRead"] = True
        while request:
            try:
                answer = self._client.batch_get_item(RequestItems=request)
            except (BotoCoreError, ClientError) as error:
                raise _unreadable(error) from error
            rows += [read_row(item) for item in answer["Responses"].get(self._table, [])]
            left: Any = answer.get("UnprocessedKeys")
            if left and left == request:
                raise LedgerError("the ledger cannot be read: throttled")
            request = left
        return rows


def read_row(item: Mapping[str, Any]) -> DeadLetterRecord:
    """A row may have been written by another version of this code: nothing in it is relied on."""
    return DeadLetterRecord(
        message_id(dict(item)),
        _text(item, "code") or CAUSE_UNKNOWN,
        _text(item, "cause"),
        _text(item, "detail"),
        _number(item, "status") or None,
        _text(item, "source"),
        _text(item, "event_id"),
        _number(item, "attempts"),
        _number(item, "sent_at"),
        _number(item, "first_tried"),
        _number(item, "last_tried"),
        _state(item),
    )


def _state(item: Mapping[str, Any]) -> State:
    stated = _text(item, "state")
    if stated in set(State):
        return State(stated)
    return State.LEFT if "left_at" in item and DEAD_LETTER not in item else State.WAITING


def _text(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _number(item: Mapping[str, Any], name: str) -> int:
    return int(float(item.get(name, {}).get("N", 0)))


def _unreadable(error: BotoCoreError | ClientError) -> LedgerError:
    return LedgerError(f"the ledger cannot be read: {aws_error(error)}")
