"""The functions as they are deployed, run in this process on a local AWS and the stand-in.

A handler is found by its name, as Lambda finds it. Nothing else of functions/ and layers/ is named
here: the tests see what is written, whatever the code calls it.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import boto3
import botocore.loaders
import botocore.session

from support.environment import ENVIRONMENT
from support.local_aws import LocalAws
from support.spacemedia.client import StandIn
from template.reading import Template

VALUES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("values.toml").read_text(encoding="utf-8")
)
ROOT = Path(__file__).parents[3]
CODE = f"{ROOT}/functions/", f"{ROOT}/layers/"
# The SDK's descriptions of the services take half a second to read.
LOADER = botocore.loaders.create_loader()
TEMPLATE = Template()
VIEW, ACT = (f"arn:aws:lambda:eu-west-2:123456789012:function:{name}" for name in ("view", "act"))
# How long ago the messages of a test were sent.
AGE_SECONDS = 3600
# The time of an invocation: the template's time-out, less the start.
SECONDS_LEFT = 150.0


@dataclass(frozen=True, slots=True)
class Account:
    """An account with what the template makes, as far as the functions use it."""

    aws: LocalAws
    api: StandIn
    table: str
    queue: str
    letters: str
    topic: str
    outcomes: str
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        """A client of the account's AWS; kept, as making one is slower than a call."""
        if service not in self._clients:
            self._clients[service] = self.aws.client(service)
        return self._clients[service]

    def rows(self) -> dict[str, dict[str, Any]]:
        """The ledger's rows by key."""
        items = self.client("dynamodb").scan(TableName=self.table)["Items"]
        return {row["pk"]["S"]: row for row in items}

    def put(self, **row: object) -> None:
        """Put a row into the ledger."""
        item = {name: _attribute_value(value) for name, value in row.items()}
        self.client("dynamodb").put_item(TableName=self.table, Item=item)

    def secret(self, value: str) -> str:
        """A secret of its own, with this value if it is not empty; its ARN."""
        given = {"SecretString": value} if value else {}
        name = f"secret-{time.monotonic_ns()}"
        return str(self.client("secretsmanager").create_secret(Name=name, **given)["ARN"])

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Take all messages out of a queue."""
        sqs, found = self.client("sqs"), []
        request = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
        while batch := sqs.receive_message(**request).get("Messages"):
            for message in batch:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            found += batch
        return found

    def variables(self, function: str, changed: Mapping[str, str]) -> dict[str, str]:
        """The variables of a function that the list names, with values for this account."""
        known = {
            **ENVIRONMENT,
            "API_BASE_URL": self.api.url,
            "LEDGER_TABLE_NAME": self.table,
            "SIGNUP_QUEUE_URL": self.queue,
            "DEAD_LETTER_QUEUE_URL": self.letters,
            "DEAD_LETTER_RETENTION_SECONDS": "1209600",
            "ACT_FUNCTION_ARN": ACT,
            "OUTCOME_TOPIC_ARN": self.topic,
            "ROTATION_FUNCTION_ARN": "",
            "POWERTOOLS_METRICS_NAMESPACE": "Wire",
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
            # Powertools has one logger for each name: each environment has a log of its own.
            "POWERTOOLS_SERVICE_NAME": f"wire-{time.monotonic_ns()}",
            **changed,
        }
        return {name: known[name] for name in VALUES["functions"][function]["variables"]}


class Variables(dict[str, str]):
    """Environment variables that note which of them the project's own code reads."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of any mapping
        """The variable, or the default."""
        self._note(name)
        return super().get(name, default)

    def _note(self, name: object) -> None:
        # Two frames up, behind this one and the method's, is the code that reads the variable.
        reader = sys._getframe(2).f_code.co_filename  # noqa: SLF001 - `inspect` reads the whole stack
        if reader.startswith(CODE):
            self.read.add(str(name))


class Environment:
    """An execution environment of a function: its variables, its parts, its log.

    Only a package's newest environment works. (The triage's two are both made before a first use.)

    Args:
        account: Where it runs.
        function: Its logical id.
        changed: Variables with other values than usual; those that begin with AWS_ are the SDK's.
    """

    def __init__(self, account: Account, function: str, **changed: str) -> None:
        of_sdk = {name: value for name, value in changed.items() if name.startswith("AWS_")}
        self.variables = Variables(
            account.aws.environment() | account.variables(function, changed) | of_sdk
        )
        module, _, name = VALUES["functions"][function]["handler"].rpartition(".")
        self._handler = getattr(importlib.import_module(module), name)
        self._session = _session(self.variables)
        self._log = io.StringIO()
        _forget_parts(module.partition(".")[0])

    def invoke(self, event: Mapping[str, Any], seconds_left: float = SECONDS_LEFT) -> Any:  # noqa: ANN401 - JSON
        """Invoke the handler; its answer."""
        context = SimpleNamespace(
            aws_request_id="request-1",
            get_remaining_time_in_millis=lambda: int(seconds_left * 1000),
            invoked_function_arn=VIEW,
        )
        with (
            mock.patch.object(os, "environ", self.variables),
            mock.patch.object(boto3, "DEFAULT_SESSION", self._session),
            contextlib.redirect_stdout(self._log),
        ):
            return self._handler(event, context)

    def lines(self) -> list[dict[str, Any]]:
        """The log, without the lines of metrics."""
        return [line for line in self._written() if "_aws" not in line]

    def metrics(self) -> list[dict[str, Any]]:
        """The lines of metrics, in CloudWatch's embedded format."""
        return [line for line in self._written() if "_aws" in line]

    def _written(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.getvalue().splitlines()]


def _session(variables: Variables) -> boto3.Session:
    """The session that makes an environment's clients, by its variables and not an earlier test's.

    The clients do not wait for messages: the local AWS returns at once what there is.
    """

    def poll_short(**hook: Any) -> None:  # noqa: ANN401 - as botocore calls it
        hook["params"]["WaitTimeSeconds"] = 0

    with mock.patch.object(os, "environ", variables):
        session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    session.register("before-parameter-build.sqs.ReceiveMessage", poll_short)
    return boto3.Session(botocore_session=session)


def _forget_parts(package: str) -> None:
    """Have the parts made as in a new execution environment: a package keeps them in caches."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package:
            for part in list(vars(module).values()):
                if hasattr(part, "cache_clear"):
                    part.cache_clear()


def record(message_id: str, body: object, receives: int = 1, **marks: str) -> dict[str, Any]:
    """A record as Lambda hands it over.

    Args:
        message_id: SQS's.
        body: One that is not text is written as JSON.
        receives: How often the message has been received, this time included.
        marks: Message attributes, by what the list calls them: `part`, `replay`.
    """
    names = VALUES["message_attributes"]
    return {
        "messageId": message_id,
        "receiptHandle": f"receipt-{message_id}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": str(int((time.time() - AGE_SECONDS) * 1000)),
        },
        "messageAttributes": {
            names[mark]: {"dataType": "String", "stringValue": value}
            for mark, value in marks.items()
        },
        "eventSource": "aws:sqs",
    }


def make_account(aws: LocalAws, api: StandIn, name: str) -> Account:
    """Make a table as the template declares it, queues, and a topic with a queue behind it."""
    sqs, sns = aws.client("sqs"), aws.client("sns")
    ledger = TEMPLATE.resources["Ledger"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    aws.client("dynamodb").create_table(TableName=name, **{key: ledger[key] for key in wanted})
    queue, letters, outcomes = (
        sqs.create_queue(QueueName=f"{name}-{holds}")["QueueUrl"]
        for holds in ("signups", "letters", "outcomes")
    )
    attributes = sqs.get_queue_attributes(QueueUrl=outcomes, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=outcomes, Attributes={"Policy": policy})
    topic = sns.create_topic(Name=name)["TopicArn"]
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=raw)
    return Account(aws, api, name, queue, letters, topic, outcomes)


def _attribute_value(value: object) -> dict[str, Any]:
    match value:
        case int():
            return {"N": str(value)}
        case list():
            return {"L": [{"S": text} for text in value]}
    return {"S": str(value)}
