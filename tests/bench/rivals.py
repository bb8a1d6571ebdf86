"""What is measured against each other: the function, and the same calls made in other ways."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import boto3
import urllib3
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from aws_adapters.ledger.batched_claims import STATEMENTS_PER_CALL
from send_invites.handler import lambda_handler
from send_invites.timeouts import aws_config
from support.batches import CONTEXT, Batches

# More than the largest batch, so that nobody waits for a thread.
THREADS = 100
KEEP_SECONDS = 30 * 24 * 3600


def ours(event: dict[str, Any]) -> None:
    """The real handler, with the parts of production."""
    answer = lambda_handler(event, CONTEXT)
    if answer["batchItemFailures"]:
        raise RuntimeError("the function did not invite everybody")


class Bare:
    """The calls alone: a claim, the POST, the claim's end; no check, no log, no metric.

    Args:
        api_url: The API's address.
        token: The bearer token.
    """

    def __init__(self, api_url: str, token: str) -> None:
        self._url = f"{api_url}/api/v1/users"
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = urllib3.PoolManager(maxsize=THREADS)
        self._dynamodb = boto3.client("dynamodb", config=aws_config())
        self._threads = ThreadPoolExecutor(THREADS)
        self._sequential = BatchProcessor(event_type=EventType.SQS)

    def side_by_side(self, event: dict[str, Any]) -> None:
        """All people of the batch at once: the floor."""
        bodies = [record["body"] for record in event["Records"]]
        for _ in self._threads.map(self._invite, bodies):
            pass

    def one_by_one(self, event: dict[str, Any]) -> None:
        """One record after the other, by Powertools' batch processor."""
        process_partial_response(
            event=event,
            record_handler=self._record_handler,
            processor=self._sequential,
            context=CONTEXT,
        )

    def batched(self, event: dict[str, Any]) -> None:
        """As few requests as ours: the batch is claimed in one, and completed in one."""
        emails = [json.loads(record["body"])["data"]["email"] for record in event["Records"]]
        self._execute("INSERT INTO ledger VALUE {'pk': ?, 'owner': ?}", emails)
        for _ in self._threads.map(self._post, emails):
            pass
        self._execute("UPDATE ledger SET invited = ? WHERE pk = ?", emails)

    def _execute(self, statement: str, emails: Sequence[str]) -> None:
        statements: list[Any] = [
            {"Statement": statement, "Parameters": [{"S": email}, {"S": str(uuid.uuid4())}]}
            for email in emails
        ]
        for start in range(0, len(statements), STATEMENTS_PER_CALL):
            self._dynamodb.batch_execute_statement(
                Statements=statements[start : start + STATEMENTS_PER_CALL]
            )

    def posts(self, event: dict[str, Any]) -> None:
        """The POSTs alone, at once, without the ledger."""
        emails = [json.loads(record["body"])["data"]["email"] for record in event["Records"]]
        for _ in self._threads.map(self._post, emails):
            pass

    def _record_handler(self, record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
        self._invite(record.body)

    def _invite(self, body: str) -> None:
        email = json.loads(body)["data"]["email"]
        key = {"pk": {"S": f"person#{email}"}}
        expires = {"N": str(int(time.time()) + KEEP_SECONDS)}
        self._dynamodb.put_item(
            TableName="ledger",
            Item={**key, "owner": {"S": str(uuid.uuid4())}, "expires_at": expires},
            ConditionExpression="attribute_not_exists(pk)",
        )
        self._post(email)
        self._dynamodb.update_item(
            TableName="ledger",
            Key=key,
            UpdateExpression="SET invited = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )

    def _post(self, email: str) -> None:
        invite = {"email": email, "roles": ["Artist"]}
        answer = self._http.request("POST", self._url, json=invite, headers=self._headers)
        if not answer.json()["data"]:
            raise RuntimeError("nobody was invited")


Rival = Callable[[dict[str, Any]], None]


def timed(
    rival: Rival, batches: Batches, size: int, clock: Callable[[], float]
) -> Callable[[], float]:
    """A measure: the seconds that the rival needs for the next batch, by the clock."""
    return partial(_time, rival, batches, size, clock)


def _time(rival: Rival, batches: Batches, size: int, clock: Callable[[], float]) -> float:
    event = batches(size)
    began = clock()
    rival(event)
    return clock() - began


def warm_up(rivals: Sequence[Rival], batches: Batches, size: int) -> None:
    """Have all connections opened, and all threads made."""
    for rival in rivals:
        for _ in range(2):
            rival(batches(size))
