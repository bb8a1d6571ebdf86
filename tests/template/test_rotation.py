"""The rotation of the token: there if it is asked for, and let in where it must be."""

import json
from typing import Any

import pytest

from invites.api.client import Deadlines
from rotate_token import bootstrap
from send_invites.timeouts import (
    AWS_CALL_SECONDS,
    RENEWAL_SECONDS,
    SETTLE_SECONDS,
    TOKEN_LOCK_SECONDS,
)
from template.reading import Template, as_list

TOKEN_SECRET = {"Fn::GetAtt": ["TokenSecret", "Id"]}
CREDENTIALS = {"Ref": "ApiCredentialsSecretArn"}
OPTIONAL = [
    "RotateTokenFunction",
    "RotateTokenRole",
    "RotateTokenLogGroup",
    "RotateTokenPermission",
]


def _statements(template: Template, role: str) -> list[dict[str, Any]]:
    (policy,) = template.properties(role, {"HasRotation"})["Policies"]
    statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return statements


@pytest.mark.parametrize("name", OPTIONAL)
def test_rotation_exists_only_with_credentials(template: Template, name: str) -> None:
    assert template.resources[name]["Condition"] == "HasRotation"
    condition = template.document["Conditions"]["HasRotation"]
    assert condition == {"Fn::Not": [{"Fn::Equals": [CREDENTIALS, ""]}]}


def test_output_of_the_rotation_exists_only_with_credentials(template: Template) -> None:
    assert template.outputs["RotateTokenFunctionName"]["Condition"] == "HasRotation"


def test_schedule_exists_only_with_credentials_and_a_time(template: Template) -> None:
    schedule = template.resources["TokenRotation"]
    assert schedule["Condition"] == "HasRotationSchedule"
    assert schedule["Properties"]["SecretId"] == TOKEN_SECRET
    rules = schedule["Properties"]["RotationRules"]
    assert rules == {"ScheduleExpression": {"Ref": "TokenRotationSchedule"}}
    condition = template.document["Conditions"]["HasRotationSchedule"]
    scheduled = {"Fn::Not": [{"Fn::Equals": [{"Ref": "TokenRotationSchedule"}, ""]}]}
    assert condition == {"Fn::And": [{"Condition": "HasRotation"}, scheduled]}


def test_schedule_is_made_after_the_permission(template: Template) -> None:
    """Secrets Manager invokes the function when the schedule is made."""
    assert template.resources["TokenRotation"]["DependsOn"] == "RotateTokenPermission"


def test_only_secrets_manager_may_invoke_the_rotation(template: Template) -> None:
    """For this one secret of this account."""
    permission = template.properties("RotateTokenPermission")
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["Action"] == "lambda:InvokeFunction"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert permission["SourceArn"] == TOKEN_SECRET


def test_only_the_rotation_may_read_the_credentials(template: Template) -> None:
    """One role names key and secret, and may only read them."""
    (reading,) = [
        statement
        for statement in template.statements("Allow")
        if statement.body.get("Resource") == CREDENTIALS
    ]
    assert reading.found_in == "RotateTokenRole"
    assert reading.actions() == ["secretsmanager:GetSecretValue"]
    holders = [
        name for name, resource in template.resources.items() if "ApiCred" in json.dumps(resource)
    ]
    assert holders == ["RotateTokenFunction", "RotateTokenRole"]


def test_rotation_may_use_its_log_and_secrets_only(template: Template) -> None:
    """Neither queue nor ledger."""
    services = {
        action.partition(":")[0]
        for statement in _statements(template, "RotateTokenRole")
        for action in as_list(statement["Action"])
    }
    assert services == {"logs", "secretsmanager"}


def test_slowest_step_fits_the_timeout(template: Template) -> None:
    """Five calls to Secrets Manager and one to the API."""
    one_try = bootstrap.AWS_CONNECT_SECONDS + bootstrap.AWS_READ_SECONDS
    # botocore, standard retry mode: the waits are drawn from 0 to 1 s, then to 2 s.
    one_call = bootstrap.AWS_TRIES * one_try + 1 + 2
    assert 5 * one_call + Deadlines().total < template.properties("RotateTokenFunction")["Timeout"]


def test_renewal_fits_into_what_an_ordinary_batch_leaves(template: Template) -> None:
    """Two waits for the lock; secret, row, request, row."""
    assert 2 * TOKEN_LOCK_SECONDS + 4 * AWS_CALL_SECONDS <= RENEWAL_SECONDS
    assert template.properties("SendInvitesFunction")["Timeout"] > RENEWAL_SECONDS + SETTLE_SECONDS


@pytest.mark.parametrize("is_on", [True, False])
def test_sender_may_request_a_rotation_only_if_there_is_one(
    template: Template, *, is_on: bool
) -> None:
    """Of this one secret; and it has the function's ARN."""
    conditions = {"HasRotation"} if is_on else set()
    variables = template.properties("SendInvitesFunction", conditions)["Environment"]["Variables"]
    arn = {"Fn::GetAtt": ["RotateTokenFunction", "Arn"]}
    assert variables["ROTATION_FUNCTION_ARN"] == (arn if is_on else "")
    (policy,) = template.properties("SendInvitesRole", conditions)["Policies"]
    asking = [
        statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        if "secretsmanager:RotateSecret" in as_list(statement["Action"])
    ]
    assert asking == [TOKEN_SECRET] * is_on
