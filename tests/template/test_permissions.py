"""Least privilege, for whatever roles and policies the template has."""

import json
from importlib.resources import files
from typing import Any

import pytest

from template.reading import FUNCTION, ROLE, Statement, Template, as_list

LOG_GROUP_SUFFIX = ":*"


def _allowed(template: Template) -> list[Statement]:
    return list(template.statements("Allow"))


def test_no_allow_statement_has_a_wildcard_action(template: Template) -> None:
    found = _allowed(template)
    assert found
    assert [
        statement for statement in found if any("*" in action for action in statement.actions())
    ] == []


def test_every_allowed_action_exists(template: Template) -> None:
    """IAM accepts any name for an action; a misspelt one grants nothing."""
    known = json.loads(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text())
    for statement in _allowed(template):
        for service, action in (name.split(":") for name in statement.actions()):
            assert action.lower() in known[service]["Actions"], (statement.found_in, action)


def _is_narrow(resource: object) -> bool:
    """No wildcard but as the suffix of one log group or of one secret, named by this template."""
    text = json.dumps(resource)
    if "*" not in text:
        return True
    if not isinstance(resource, dict) or set(resource) != {"Fn::Sub"}:
        return False
    arn = resource["Fn::Sub"]
    one_log_group = ":log-group:${" in arn and arn.endswith("}" + LOG_GROUP_SUFFIX)
    one_secret = ":secret:${" in arn and arn.endswith("}-??????")
    return "*" not in arn.removesuffix(LOG_GROUP_SUFFIX) and (one_log_group or one_secret)


def test_no_allow_statement_has_a_wildcard_resource(template: Template) -> None:
    resources = [
        (statement.found_in, resource)
        for statement in _allowed(template)
        if "Resource" in statement.body
        for resource in as_list(statement.body["Resource"])
    ]
    assert resources
    assert [where for where, resource in resources if not _is_narrow(resource)] == []


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:logs:eu-west-2:111122223333:log-group:*",
        {"Fn::Sub": "arn:aws:logs:*:${AWS::AccountId}:log-group:${SendInvitesLogGroup}:*"},
        {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:*"},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Ledger", "Arn"]}, "*"]]},
    ],
)
def test_wide_resources_are_found(resource: object) -> None:
    """The test above can fail."""
    assert not _is_narrow(resource)


def test_roles_have_no_managed_policy(template: Template) -> None:
    """And functions leave their permissions to their role."""
    assert all("ManagedPolicyArns" not in role for role in template.of_type(ROLE).values())
    assert all("Policies" not in function for function in template.of_type(FUNCTION).values())


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in template.of_type(FUNCTION).values()]
    assert sorted(roles) == sorted(template.of_type(ROLE))


def test_every_role_takes_the_permissions_boundary(template: Template) -> None:
    """So an organisation that requires one can deploy the stack."""
    for name in template.of_type(ROLE):
        role = template.properties(name, {"HasPermissionsBoundary"})
        assert role["PermissionsBoundary"] == {"Ref": "PermissionsBoundaryArn"}
        assert "PermissionsBoundary" not in template.properties(name)


def test_every_statement_of_a_role_has_a_sid(template: Template) -> None:
    """It says what the statement is for, in the console too."""
    for name, role in template.of_type(ROLE).items():
        for policy in role["Policies"]:
            for statement in _settled(policy["PolicyDocument"]["Statement"]):
                assert statement.get("Sid"), name


def _settled(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in statements
    ]


def test_services_may_act_only_for_this_stack(template: Template) -> None:
    """AWS services act on queues and topic only for this stack's own topic and rule."""
    services = [
        statement
        for statement in _allowed(template)
        if "Service" in statement.body.get("Principal", {})
        and statement.actions() != ["sts:AssumeRole"]
    ]
    assert services
    for statement in services:
        source = statement.body["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert source in ({"Ref": "SignupTopic"}, {"Fn::GetAtt": ["SignupRule", "Arn"]})


def test_no_allow_statement_is_for_everybody(template: Template) -> None:
    principals = [
        statement.body["Principal"]
        for statement in _allowed(template)
        if "Principal" in statement.body
    ]
    assert principals
    assert "*" not in json.dumps(principals)
