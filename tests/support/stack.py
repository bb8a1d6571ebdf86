"""A stack on the local AWS: what is sent to it, and what can be seen of it."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import urllib3

from support.local_aws import LocalAws

# An invocation of a test takes tens of milliseconds: after this long without a visible message
# none is under way. (A change of the function would cut off an invocation that is.)
QUIET_LOOKS = 5
QUIET_SECONDS = 0.1
# The queue's visibility timeout: an environment that has to start keeps a message hidden for a
# second or two before it is put back. (One that was cut off keeps it: then this takes a minute.)
IN_FLIGHT = range(900, 961)
# What the key of a message's row begins with.
_MESSAGE = "message#"


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack: its outputs by name."""

    aws: LocalAws
    name: str
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        """A client of the AWS that the stack runs on; kept, as making one is slower than a call."""
        return _client(self.aws, service)

    def store_token(self, value: str) -> None:
        """Put the API token into its secret, as the README says."""
        self.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["TokenSecretArn"], SecretString=value
        )

    def send(self, body: str, attributes: Mapping[str, str] | None = None) -> str:
        """Send a message to the signup queue; its id."""
        named = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in (attributes or {}).items()
        }
        answer = self.client("sqs").send_message(
            QueueUrl=self.outputs["SignupQueueUrl"], MessageBody=body, MessageAttributes=named
        )
        return str(answer["MessageId"])

    def send_batch(self, bodies: Sequence[str]) -> list[str]:
        """Send up to 10 messages in one call; their ids, in order."""
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        answer = self.client("sqs").send_message_batch(
            QueueUrl=self.outputs["SignupQueueUrl"], Entries=entries
        )
        ids = {int(entry["Id"]): str(entry["MessageId"]) for entry in answer["Successful"]}
        return [ids[number] for number in range(len(bodies))]

    def purge(self) -> None:
        """Empty the signup queue, once no message is being worked on or on its way out."""
        looks = 0
        while looks < QUIET_LOOKS:
            busy = any(_is_worked_on(message) for message in self.messages("SignupQueueUrl"))
            looks = 0 if busy else looks + 1
            time.sleep(QUIET_SECONDS)
        self.client("sqs").purge_queue(QueueUrl=self.outputs["SignupQueueUrl"])

    def renew_environments(self, output: str = "SendInvitesFunctionName", **variables: str) -> None:
        """Have the next invocation start a new execution environment, as a deployment does.

        An invocation that is under way is cut off.

        Args:
            output: The name of the output that holds the function's name.
            variables: Environment variables that are to change.
        """
        name = self.outputs[output]
        client = self.client("lambda")
        now = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": now | variables}
        )

    def log(self, since: float = 0.0) -> str:
        """All that the functions have logged, since then in epoch seconds."""
        logs, lines = self.client("logs"), []
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=name, startTime=int(since * 1000)
            )
            for page in pages:
                lines += [event["message"].rstrip("\n") for event in page["events"]]
        return "\n".join(lines)

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """All messages of a queue, hidden ones too, without receiving any.

        Args:
            queue: The name of the output that holds the queue's URL.

        Returns:
            One object each: `MessageId`, `Body`, `ReceiveCount`, `IsVisible`, …
        """
        url = f"{self.aws.endpoint}/_ministack/sqs/messages"
        answer = urllib3.request("GET", url, fields={"QueueUrl": self.outputs[queue]})
        regions = [
            region for account in answer.json()["messages"].values() for region in account.values()
        ]
        return [message for region in regions for queue in region.values() for message in queue]

    def forget_letters(self) -> None:
        """Empty the dead-letter queue, and the ledger of what it knows of messages."""
        self.client("sqs").purge_queue(QueueUrl=self.outputs["DeadLetterQueueUrl"])
        for message_id in self.reasons():
            self.client("dynamodb").delete_item(
                TableName=self.outputs["LedgerTableName"],
                Key={"pk": {"S": f"{_MESSAGE}{message_id}"}},
            )

    def reason(self, message_id: str) -> dict[str, Any] | None:
        """The ledger's row on a message."""
        answer = self.client("dynamodb").get_item(
            TableName=self.outputs["LedgerTableName"], Key={"pk": {"S": f"{_MESSAGE}{message_id}"}}
        )
        return _plain(answer["Item"]) if "Item" in answer else None

    def reasons(self) -> dict[str, dict[str, Any]]:
        """The ledger's rows on messages, by message id."""
        pages = self.client("dynamodb").get_paginator("scan")
        rows = pages.paginate(TableName=self.outputs["LedgerTableName"]).search("Items")
        return {
            row["pk"].removeprefix(_MESSAGE): row
            for row in map(_plain, rows)
            if row["pk"].startswith(_MESSAGE)
        }


@cache
def _client(aws: LocalAws, service: str) -> Any:  # noqa: ANN401 - a client of any service
    return aws.client(service)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without the types of its values."""
    return {key: next(iter(value.values())) for key, value in row.items()}


def _is_worked_on(message: Mapping[str, Any]) -> bool:
    """Whether a message is about to be received, or was and has not been put back."""
    hidden_for = math.ceil(message["VisibleAt"] - time.time())
    return bool(message["IsVisible"]) or hidden_for in IN_FLIGHT
