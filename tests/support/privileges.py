"""The permissions of the stack's roles: taken away one by one, and used directly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from support.deploy import BATCHED
from support.local_aws import REGION
from support.stack import Stack
from template.reading import ROLE, Template, as_list

# Writing logs, and what only a stack with a KMS key of its own may do.
EXEMPT = {"WriteLogs", "UseKey"}
# AWS has an action for each kind of statement; the local AWS has one action for the whole call.
PARTIQL = {"dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"}
PARTIQL_THERE = "dynamodb:BatchExecuteStatement"


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission: which role may do which action, by which statement."""

    role: str
    sid: str
    action: str

    def __str__(self) -> str:
        """The permission in a test's name."""
        return f"{self.role}-{self.sid}-{self.action}"


def grants() -> list[Grant]:
    """All that the template's roles may do."""
    template = Template()
    roles = template.of_type(ROLE)
    return [
        Grant(statement.found_in, statement.body["Sid"], action)
        for statement in template.statements("Allow")
        if statement.found_in in roles and statement.body.get("Sid", "WriteLogs") not in EXEMPT
        for action in statement.actions()
        if action != "sts:AssumeRole"
    ]


@contextmanager
def without(stack: Stack, grant: Grant) -> Iterator[None]:
    """Take a permission off the running stack's role, and give it back."""
    iam, role = stack.client("iam"), _role(stack, grant.role)
    (name,) = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
    place = {"RoleName": role["RoleName"], "PolicyName": name}
    whole = iam.get_role_policy(**place)["PolicyDocument"]
    rest = [part for statement in whole["Statement"] if (part := _rest(statement, grant))]
    less = json.dumps({**whole, "Statement": rest})
    assert json.loads(less) != whole, f"{grant} is not there to be taken away"
    iam.put_role_policy(**place, PolicyDocument=less)
    try:
        yield
    finally:
        iam.put_role_policy(**place, PolicyDocument=json.dumps(whole))


def role_client(stack: Stack, role: str, service: str) -> Any:  # noqa: ANN401 - of any service
    """A client with the rights of a role."""
    arn = _role(stack, role)["Arn"]
    given = stack.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=stack.aws.endpoint,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def _role(stack: Stack, name: str) -> dict[str, Any]:
    roles = stack.client("iam").list_roles()["Roles"]
    return next(role for role in roles if name in role["RoleName"])


def _rest(statement: dict[str, Any], grant: Grant) -> dict[str, Any] | None:
    """What is left of a statement; None if nothing is."""
    gone = {grant.action} | ({f"{grant.action}Batch"} if grant.action in BATCHED else set())
    if grant.action in PARTIQL and PARTIQL_THERE in as_list(statement["Action"]):
        return None
    if statement.get("Sid") != grant.sid:
        return statement
    actions = [action for action in as_list(statement["Action"]) if action not in gone]
    return {**statement, "Action": actions} if actions else None
