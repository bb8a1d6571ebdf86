"""Deploys the real template, as built by `sam build`, by `sam deploy` to a local AWS."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.local_aws import LocalAws
from support.stack import Stack

ROOT = Path(__file__).parents[2]
BUILT_TEMPLATE = ROOT / ".aws-sam" / "build" / "template.yaml"

# What the local AWS cannot do: it speaks plain HTTP, and knows no metric-math alarms.
LOCAL_PARAMETERS = {"RequireTls": "false", "Monitoring": "off"}

# Actions that have a batched call.
BATCHED = {"sns:Publish", "sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"}
# The local AWS allows PartiQL's batched call only on all resources.
PARTIQL = {"Effect": "Allow", "Action": "dynamodb:BatchExecuteStatement", "Resource": "*"}


class DeployError(Exception):
    """`sam deploy` failed; the message is what it printed."""


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
    _allow_batches(aws)
    described = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Stack(aws, name, outputs)


def _make_concurrency_a_number(aws: LocalAws) -> None:
    """AWS converts a template's numbers; the local AWS keeps text, and with text it never polls."""
    client = aws.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        limit = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        client.update_event_source_mapping(
            UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": limit}
        )


def _allow_batches(aws: LocalAws) -> None:
    """On AWS an action allows its batched call; the local AWS has a second action for that."""
    iam = aws.client("iam")
    for role in iam.list_roles()["Roles"]:
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            policy = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)
            document = policy["PolicyDocument"]
            for statement in document["Statement"]:
                actions = statement["Action"]
                named = [actions] if isinstance(actions, str) else actions
                statement["Action"] = [
                    *named,
                    *(f"{action}Batch" for action in named if action in BATCHED),
                ]
            if "dynamodb:PartiQL" in json.dumps(document):
                document["Statement"].append(PARTIQL)
            iam.put_role_policy(
                RoleName=role["RoleName"], PolicyName=name, PolicyDocument=json.dumps(document)
            )
