"""events/asyncapi.yaml is valid AsyncAPI 3, and says what code, schemas and template say."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from invites.errors import Code
from invites.explain import explain
from invites.outcome import Outcome, Verdict
from invites.reading.splitting import MAX_PARTS
from invites.signup import CANONICAL
from support.build import READER
from support.outcome_topic import MemoryTopic, job, publish
from template.reading import Template

with warnings.catch_warnings():
    # Its models have fields that are named like methods of pydantic's.
    warnings.filterwarnings("ignore", message='Field name "schema"', category=UserWarning)
    from asyncapi3.models.asyncapi import AsyncAPI3  # type: ignore[import-untyped] # no py.typed

EVENTS = Path(__file__).parents[2] / "events"
DOCUMENT: dict[str, Any] = yaml.safe_load((EVENTS / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES: dict[str, dict[str, Any]] = DOCUMENT["components"]["messages"]
EXAMPLES = [
    (name, example["payload"])
    for name, message in MESSAGES.items()
    for example in message.get("examples", [])
]


def references(node: object) -> Iterator[str]:
    """Every reference in the document."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(reference: str) -> Any:  # noqa: ANN401 - any part of a document
    """What a reference points to; raises KeyError or OSError if there is nothing."""
    file, _, path = reference.partition("#")
    found: Any = json.loads((EVENTS / file).read_text(encoding="utf-8")) if file else DOCUMENT
    for key in filter(None, path.split("/")):
        found = found[key]
    return found


def test_the_document() -> None:
    """It is AsyncAPI 3, with no key that AsyncAPI does not know, and every reference leads on."""
    assert AsyncAPI3.model_validate(DOCUMENT).asyncapi == "3.0.0"
    found = set(references(DOCUMENT))
    assert len(found) > len(MESSAGES)
    assert all(resolve(one) for one in found)
    with pytest.raises(ValueError, match="chanels"):
        AsyncAPI3.model_validate({**DOCUMENT, "chanels": {}})


def test_the_stack() -> None:
    """Outputs and parameters that channels name are the template's."""
    template, channels = Template(), DOCUMENT["channels"].values()
    outputs = {one["x-stack-output"] for one in channels if "x-stack-output" in one}
    parameters = {one["x-stack-parameter"] for one in channels if "x-stack-parameter" in one}
    assert outputs == {"SignupTopicArn", "SignupQueueUrl"}
    assert outputs <= template.outputs.keys()
    assert parameters <= template.parameters.keys()


@pytest.mark.parametrize(("name", "payload"), EXAMPLES)
def test_examples(name: str, payload: dict[str, Any]) -> None:
    """Each is of its schema; those of signups are invited."""
    schema = resolve(MESSAGES[name]["payload"]["schema"]["$ref"])
    Draft202012Validator(schema).validate(payload)
    if name != "outcome":
        found = explain(json.dumps(payload), READER)
        assert (found["outcome"], found["source"]) == ("invite", CANONICAL)


def test_lists() -> None:
    """A list is as long as the code takes."""
    assert MESSAGES["eventList"]["payload"]["maxItems"] == MAX_PARTS


@pytest.mark.parametrize("verdict", [one for one in Verdict if one.value != "split"])
def test_outcomes(verdict: Verdict) -> None:
    """What is announced is of its schema, and no other outcome is."""
    schema = json.loads((EVENTS / "outcome.schema.json").read_text(encoding="utf-8"))
    topic = MemoryTopic()
    publish(topic, [job(Outcome(verdict, Code.MISSING_EMAIL))])
    assert bool(topic.calls) is (verdict.value in schema["properties"]["outcome"]["enum"])
    for entry in (entry for call in topic.calls for entry in call):
        Draft202012Validator(schema).validate(json.loads(entry["Message"]))
