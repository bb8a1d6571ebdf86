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
def test_it_is_optional(template: Template, name: str) -> None:
    """Without key and secret there is nothing to rotate with."""
    assert template.resources[name]["Condition"] == "HasRotation"
    condition = template.document["Conditions"]["HasRotation"]
    assert condition == {"Fn::Not": [{"Fn::Equals": [CREDENTIALS, ""]}]}


def test_the_output_is_optional(template: Template) -> None:
    """There is no name of a function that does not exist."""
    assert template.outputs["RotateTokenFunctionName"]["Condition"] == "HasRotation"


def test_the_schedule_is_optional(template: Template) -> None:
    """Only with credentials, and with a time to rotate at."""
    schedule = template.resources["TokenRotation"]
    assert schedule["Condition"] == "HasRotationSchedule"
    assert schedule["Properties"]["SecretId"] == TOKEN_SECRET
    rules = schedule["Properties"]["RotationRules"]
    assert rules == {"ScheduleExpression": {"Ref": "TokenRotationSchedule"}}
    condition = template.document["Conditions"]["HasRotationSchedule"]
    scheduled = {"Fn::Not": [{"Fn::Equals": [{"Ref": "TokenRotationSchedule"}, ""]}]}
    assert condition == {"Fn::And": [{"Condition": "HasRotation"}, scheduled]}


def test_the_schedule_waits_for_the_permission(template: Template) -> None:
    """Secrets Manager tries the function when it is told of it."""
    assert template.resources["TokenRotation"]["DependsOn"] == "RotateTokenPermission"


def test_only_secrets_manager_may_call(template: Template) -> None:
    """For this one secret of this account."""
    permission = template.properties("RotateTokenPermission")
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["Action"] == "lambda:InvokeFunction"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert permission["SourceArn"] == TOKEN_SECRET


def test_only_the_rotation_reads_the_credentials(template: Template) -> None:
    """Key and secret are named in one role, and there to be read only."""
    (reading,) = [
        one for one in template.statements("Allow") if one.body.get("Resource") == CREDENTIALS
    ]
    assert reading.found_in == "RotateTokenRole"
    assert reading.actions() == ["secretsmanager:GetSecretValue"]
    holders = [name for name, one in template.resources.items() if "ApiCred" in json.dumps(one)]
    assert holders == ["RotateTokenFunction", "RotateTokenRole"]


def test_the_rotation_reaches_secrets_only(template: Template) -> None:
    """Neither queue nor ledger: it has its log and two secrets."""
    services = {
        action.partition(":")[0]
        for statement in _statements(template, "RotateTokenRole")
        for action in as_list(statement["Action"])
    }
    assert services == {"logs", "secretsmanager"}


def test_the_longest_step_fits_the_timeout(template: Template) -> None:
    """Five calls to Secrets Manager and one to the API."""
    one_try = bootstrap.AWS_CONNECT_SECONDS + bootstrap.AWS_READ_SECONDS
    # botocore, standard retry mode: the waits are drawn from 0 to 1 s, then to 2 s.
    one_call = bootstrap.AWS_TRIES * one_try + 1 + 2
    assert 5 * one_call + Deadlines().total < template.properties("RotateTokenFunction")["Timeout"]


def test_asking_is_bounded(template: Template) -> None:
    """Secret, row, asking, row: it fits into what a batch of ordinary length leaves."""
    assert 2 * TOKEN_LOCK_SECONDS + 4 * AWS_CALL_SECONDS <= RENEWAL_SECONDS
    assert template.properties("SendInvitesFunction")["Timeout"] > RENEWAL_SECONDS + SETTLE_SECONDS


@pytest.mark.parametrize("is_on", [True, False])
def test_the_sender_knows_whether_there_is_a_rotation(template: Template, *, is_on: bool) -> None:
    """It is told which function rotates and may ask for it, of this one secret; or neither."""
    conditions = {"HasRotation"} if is_on else set()
    variables = template.properties("SendInvitesFunction", conditions)["Environment"]["Variables"]
    arn = {"Fn::GetAtt": ["RotateTokenFunction", "Arn"]}
    assert variables["ROTATION_FUNCTION_ARN"] == (arn if is_on else "")
    (policy,) = template.properties("SendInvitesRole", conditions)["Policies"]
    asking = [
        one["Resource"]
        for one in policy["PolicyDocument"]["Statement"]
        if "secretsmanager:RotateSecret" in as_list(one["Action"])
    ]
    assert asking == [TOKEN_SECRET] * is_on
