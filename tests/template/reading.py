"""The template as data, for the tests to ask.

Short forms read as long ones: `!Ref X` is `{"Ref": "X"}`, `!GetAtt X.Arn` is
`{"Fn::GetAtt": ["X", "Arn"]}`.
"""

from collections.abc import Iterator, Set
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]  # ships no types

ROOT = Path(__file__).parents[2]
NO_VALUE = {"Ref": "AWS::NoValue"}

QUEUE = "AWS::SQS::Queue"
TOPIC = "AWS::SNS::Topic"
FUNCTION = "AWS::Serverless::Function"
ROLE = "AWS::IAM::Role"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of any policy, and the resource that it was found in."""

    found_in: str
    body: dict[str, Any]

    def actions(self) -> list[str]:
        """The actions, also if there is only one."""
        return as_list(self.body["Action"])


class Template:
    """What `template.yaml` declares."""

    def __init__(self, path: Path = ROOT / "template.yaml") -> None:
        self.document: dict[str, Any] = deepcopy(_parsed(path))
        self.parameters: dict[str, dict[str, Any]] = self.document["Parameters"]
        self.resources: dict[str, dict[str, Any]] = self.document["Resources"]
        self.outputs: dict[str, dict[str, Any]] = self.document["Outputs"]

    def of_type(self, *types: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of these types, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] in types
        }

    def properties(self, logical_id: str, conditions: Set[str] = frozenset()) -> dict[str, Any]:
        """The properties of one resource, when these conditions are true and no others."""
        chosen: dict[str, Any] = choose(self.resources[logical_id]["Properties"], conditions)
        return chosen

    def statements(self, effect: str) -> Iterator[Statement]:
        """Every statement of every policy, wherever it is, those under a condition included."""
        for name, resource in self.resources.items():
            for body in _dicts_with(resource, "Effect"):
                if body["Effect"] == effect:
                    yield Statement(name, body)


@cache
def _parsed(path: Path) -> dict[str, Any]:
    """A template as it is written; parsing takes a quarter of a second."""
    document: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    return document


def choose(node: Any, conditions: Set[str]) -> Any:  # noqa: ANN401  # any piece of the template
    """Settle each `!If`, and leave out what becomes `AWS::NoValue`."""
    if isinstance(node, dict) and "Fn::If" in node:
        condition, if_true, if_false = node["Fn::If"]
        return choose(if_true if condition in conditions else if_false, conditions)
    if isinstance(node, dict):
        chosen = {key: choose(value, conditions) for key, value in node.items()}
        return {key: value for key, value in chosen.items() if value != NO_VALUE}
    if isinstance(node, list):
        return [value for item in node if (value := choose(item, conditions)) != NO_VALUE]
    return node


def as_list(value: str | list[str]) -> list[str]:
    """What may be one or several, as several."""
    return value if isinstance(value, list) else [value]


def _dicts_with(node: object, key: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if key in node:
            yield node
        for value in node.values():
            yield from _dicts_with(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from _dicts_with(item, key)
