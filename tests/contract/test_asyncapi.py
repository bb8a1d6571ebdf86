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


def test_document_is_asyncapi_3_and_every_reference_leads_somewhere() -> None:
    """A key that AsyncAPI does not know is refused."""
    assert AsyncAPI3.model_validate(DOCUMENT).asyncapi == "3.0.0"
    found = set(references(DOCUMENT))
    assert len(found) > len(MESSAGES)
    assert all(resolve(reference) for reference in found)
    with pytest.raises(ValueError, match="chanels"):
        AsyncAPI3.model_validate({**DOCUMENT, "chanels": {}})


def test_outputs_and_parameters_of_the_channels_are_the_templates() -> None:
    template, channels = Template(), DOCUMENT["channels"].values()
    outputs = {channel["x-stack-output"] for channel in channels if "x-stack-output" in channel}
    parameters = {
        channel["x-stack-parameter"] for channel in channels if "x-stack-parameter" in channel
    }
    assert outputs == {"SignupTopicArn", "SignupQueueUrl"}
    assert outputs <= template.outputs.keys()
    assert parameters <= template.parameters.keys()


@pytest.mark.parametrize(("name", "payload"), EXAMPLES)
def test_example_is_of_its_schema_and_a_signup_is_invited(
    name: str, payload: dict[str, Any]
) -> None:
    schema = resolve(MESSAGES[name]["payload"]["schema"]["$ref"])
    Draft202012Validator(schema).validate(payload)
    if name != "outcome":
        found = explain(json.dumps(payload), READER)
        assert (found["outcome"], found["source"]) == ("invite", CANONICAL)


def test_list_may_be_as_long_as_the_code_accepts() -> None:
    assert MESSAGES["eventList"]["payload"]["maxItems"] == MAX_PARTS


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict.value != "split"])
def test_each_outcome_of_the_schema_is_published_and_no_other(verdict: Verdict) -> None:
    """What is published is of the schema."""
    schema = json.loads((EVENTS / "outcome.schema.json").read_text(encoding="utf-8"))
    topic = MemoryTopic()
    publish(topic, [job(Outcome(verdict, Code.MISSING_EMAIL))])
    assert bool(topic.calls) is (verdict.value in schema["properties"]["outcome"]["enum"])
    for entry in (entry for call in topic.calls for entry in call):
        Draft202012Validator(schema).validate(json.loads(entry["Message"]))
