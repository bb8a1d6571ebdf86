"""Reads the ledger's records of dead letters."""

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


# Amazon DynamoDB, BatchGetItem: items of one call.
KEYS_PER_CALL = 100


class DynamoDeadLetterReader:
    """Reads records.

    Args:
        client: A low-level client.
        table: The ledger's name.
        executor: Runs calls in parallel.
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

    def list_all(self) -> Sequence[DeadLetterRecord]:
        """All letters believed to be in the queue, without those that SQS has deleted by now.

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
            return [read_record(item) for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise _unreadable(error) from error

    def get(self, message_ids: Sequence[str]) -> Mapping[str, DeadLetterRecord]:
        """By message id the records of these messages, if they have one.

        Raises:
            LedgerError: Not all of them can be read.
        """
        starts = range(0, len(message_ids), KEYS_PER_CALL)
        batches = [message_ids[start : start + KEYS_PER_CALL] for start in starts]
        found = itertools.chain.from_iterable(self._executor.map(self._get_batch, batches))
        return {record.message_id: record for record in found}

    def _get_batch(self, message_ids: Sequence[str]) -> list[DeadLetterRecord]:
        records: list[DeadLetterRecord] = []
        keys = [message_key(letter_id) for letter_id in message_ids]
        request: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        while request:
            try:
                answer = self._client.batch_get_item(RequestItems=request)
            except (BotoCoreError, ClientError) as error:
                raise _unreadable(error) from error
            records += [read_record(item) for item in answer["Responses"].get(self._table, [])]
            unprocessed: Any = answer.get("UnprocessedKeys")
            if unprocessed and unprocessed == request:
                raise LedgerError("the ledger cannot be read: throttled")
            request = unprocessed
        return records


def read_record(item: Mapping[str, Any]) -> DeadLetterRecord:
    """An item as a record. Another version of this code may have written it: any name may lack."""
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
