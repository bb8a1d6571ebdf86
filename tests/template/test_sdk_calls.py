"""A role allows what its function calls, and nothing else."""

import ast
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from template.reading import FUNCTION, ROOT, Template, as_list

# IAM has no action of their own for these.
ACTION_OF_BATCH_CALL = {
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sns:PublishBatch": "sns:Publish",
}
# What Lambda itself does with a function's role.
FOR_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
FOR_AN_SQS_EVENT = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

FUNCTIONS = sorted(Template().of_type(FUNCTION))


def _package(template: Template, function: str) -> Path:
    handler: str = template.properties(function)["Handler"]
    name = handler.partition(".")[0]
    return ROOT / "functions" / name


def _trees(package: Path) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")]


def _clients(trees: list[ast.Module]) -> set[str]:
    """The services that the package makes clients of: `boto3.client("sqs", …)`."""
    return {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "client"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _called(package: Path) -> set[str]:
    """The IAM actions of the SDK's operations that the package names."""
    trees = _trees(package)
    names = {n.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    actions: set[str] = set()
    for service in _clients(trees):
        operations = botocore.session.get_session().get_service_model(service).operation_names
        actions |= {f"{service}:{one}" for one in operations if xform_name(one) in names}
    return {ACTION_OF_BATCH_CALL.get(action, action) for action in actions}


def _granted(template: Template, function: str) -> set[str]:
    """What the function's role allows with all but a key of one's own."""
    role = template.properties(function)["Role"]["Fn::GetAtt"][0]
    return {
        action
        for policy in template.properties(role, {"HasRotation", "HasOutcomeTopic"})["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_what_its_function_calls(template: Template, function: str) -> None:
    """Neither a call that is refused nor a permission that is left over."""
    called = _called(_package(template, function))
    assert called
    events = template.properties(function).get("Events", {}).values()
    from_lambda = FOR_LOGS | (
        FOR_AN_SQS_EVENT if any(e["Type"] == "SQS" for e in events) else set()
    )
    assert _granted(template, function) == called | from_lambda
