"""The real template, as built by `sam build`, deployed by `sam deploy` to a local AWS."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from support.local_aws import LocalAws

ROOT = Path(__file__).parents[2]
BUILT_TEMPLATE = ROOT / ".aws-sam" / "build" / "template.yaml"

# What the local AWS cannot do: it speaks plain HTTP, and knows no metric-math alarms.
LOCAL_PARAMETERS = {"RequireTls": "false", "Monitoring": "off"}


class DeployError(Exception):
    """`sam deploy` failed; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack: its outputs by name."""

    aws: LocalAws
    name: str
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        """As of the AWS that it runs on."""
        return self.aws.client(service)

    def store_token(self, value: str) -> None:
        """Put the API token into its secret, as the README tells the operator to."""
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

    def forget_environments(self) -> None:
        """Have the next invocation start a new execution environment, as a deployment does."""
        name = self.outputs["SendInvitesFunctionName"]
        client = self.client("lambda")
        now = client.get_function_configuration(FunctionName=name)
        client.update_function_configuration(FunctionName=name, MemorySize=now["MemorySize"])

    def log(self) -> str:
        """All that the function has logged."""
        logs, lines = self.client("logs"), []
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
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
        return [one for region in regions for messages in region.values() for one in messages]

    def reasons(self) -> dict[str, dict[str, Any]]:
        """The ledger's rows on messages, by message id."""
        pages = self.client("dynamodb").get_paginator("scan")
        rows = pages.paginate(TableName=self.outputs["LedgerTableName"]).search("Items")
        plain = [{key: next(iter(value.values())) for key, value in row.items()} for row in rows]
        prefix = "message#"
        return {
            row["pk"].removeprefix(prefix): row for row in plain if row["pk"].startswith(prefix)
        }


def deploy(aws: LocalAws, name: str, parameters: Mapping[str, str]) -> Stack:
    """Deploy the built template.

    Raises:
        DeployError: With all that `sam deploy` printed.
    """
    settings = LOCAL_PARAMETERS | dict(parameters)
    command = [
        *(str(Path(sys.executable).with_name("sam")), "deploy"),
        *("--template-file", str(BUILT_TEMPLATE), "--stack-name", name),
        *("--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"),
        "--parameter-overrides",
        *(f"{key}={json.dumps(value)}" for key, value in settings.items()),
    ]
    environment = aws.environment() | {"SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=aws.folder
    )
    if done.returncode:
        raise DeployError(done.stdout + done.stderr)
    _make_concurrency_a_number(aws)
    described = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}
    return Stack(aws, name, outputs)


def _make_concurrency_a_number(aws: LocalAws) -> None:
    """AWS converts a template's numbers; the local AWS keeps them as text, and then polls not."""
    client = aws.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        limit = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        client.update_event_source_mapping(
            UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": limit}
        )
