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
# One call may be allowed by several: by the statements that it carries.
ACTIONS_OF_STATEMENTS = {"dynamodb:BatchExecuteStatement": ("PartiQLInsert", "PartiQLUpdate")}
# What Lambda itself does with a function's role.
FOR_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
FOR_AN_SQS_EVENT = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

FUNCTIONS = sorted(Template().of_type(FUNCTION))


def _package(template: Template, function: str) -> Path:
    handler: str = template.properties(function)["Handler"]
    name = handler.partition(".")[0]
    return ROOT / "functions" / name


def _trees(package: Path) -> list[ast.Module]:
    """The package's modules, and those of layers that they import, directly or not."""
    trees = {path: _parse(path) for path in package.rglob("*.py")}
    new = list(trees.values())
    while new:
        named = {path for tree in new for path in _layer_modules(tree)}
        added = {path: _parse(path) for path in named - trees.keys()}
        trees |= added
        new = list(added.values())
    return list(trees.values())


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _layer_modules(tree: ast.Module) -> set[Path]:
    names = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    paths = {ROOT / "layers" / f"{name.replace('.', '/')}.py" for name in names}
    return {path for path in paths if path.is_file()}


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
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | _paginated(nodes)
    actions: set[str] = set()
    for service in _clients(trees):
        operations = botocore.session.get_session().get_service_model(service).operation_names
        actions |= {
            f"{service}:{operation}" for operation in operations if xform_name(operation) in names
        }
    for call, allowed in ACTIONS_OF_STATEMENTS.items():
        if call in actions:
            actions = (actions - {call}) | {f"dynamodb:{action}" for action in allowed}
    return {ACTION_OF_BATCH_CALL.get(action, action) for action in actions}


def _paginated(nodes: list[ast.AST]) -> set[str]:
    """The operations of `client.get_paginator("query")`."""
    return {
        str(node.args[0].value)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get_paginator"
        and isinstance(node.args[0], ast.Constant)
    }


def _granted(template: Template, function: str) -> set[str]:
    """What the function's role allows with all but a key of one's own."""
    role = template.properties(function)["Role"]["Fn::GetAtt"][0]
    return {
        action
        for policy in template.properties(role, {"HasRotation", "HasOutcomeTopic"})["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }


PACKAGES = sorted({_package(Template(), function) for function in FUNCTIONS})


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_roles_allow_exactly_what_their_package_calls(template: Template, package: Path) -> None:
    """Neither is a call refused, nor a permission left over."""
    called = _called(package)
    assert called
    functions = [function for function in FUNCTIONS if _package(template, function) == package]
    events = [
        event["Type"]
        for function in functions
        for event in template.properties(function).get("Events", {}).values()
    ]
    from_lambda = FOR_LOGS | (FOR_AN_SQS_EVENT if "SQS" in events else set())
    granted = [_granted(template, function) for function in functions]
    assert set().union(*granted) == called | from_lambda


def test_view_may_change_nothing_for_good(template: Template) -> None:
    assert _granted(template, "ViewDeadLettersFunction") - FOR_LOGS == {
        "sqs:ReceiveMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
    }
