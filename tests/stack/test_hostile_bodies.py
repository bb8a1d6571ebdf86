"""Bodies that nobody should send: no crash, no loss."""

import base64
import json

import pytest

from support.letters import take_letter
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.waiting import wait_until

# SQS takes 1 MiB in all.
MAX_BYTES = 1024 * 1024

_CLOUD_EVENT = {
    "specversion": "1.0",
    "type": "uk.spacemedia.signup.created",
    "source": "/example/hostile",
    "id": "evt-hostile",
}

HOSTILE = {
    "an array": ("[]", "malformed_body"),
    "null": ("null", "malformed_body"),
    "deep nesting": ("[" * 200_000, "malformed_body"),
    "NaN": ('{"email": NaN}', "malformed_body"),
    "a key twice": ('{"email": "a@example.test", "email": "b@example.test"}', "malformed_body"),
    "no address": ('{"roles": ["Artist"]}', "missing_email"),
    "an address that is none": ('{"email": "nobody"}', "invalid_email"),
    "an address that is a number": ('{"email": 5}', "invalid_email"),
    "a lone surrogate": ('{"email": "a\\ud800@example.test"}', "invalid_email"),
    "a number without end": (f'{{"email": {"9" * 5000}}}', "malformed_body"),
    "bytes that are no text": (
        json.dumps(_CLOUD_EVENT | {"data_base64": base64.b64encode(b"\xff\xfe\x00").decode()}),
        "malformed_body",
    ),
}


@pytest.mark.parametrize(("body", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_dead_lettered_whole_and_without_a_call(
    stack: Stack, api: StandIn, body: str, code: str
) -> None:
    """The body and ten attributes arrive in the dead-letter queue as they were sent."""
    before = len(api.requests())
    attributes = {f"attribute-{n}": f"value {n}" for n in range(10)}
    letter = take_letter(stack, stack.send(body, attributes))
    assert letter.reason["code"] == code
    assert letter.message["Body"] == body
    kept = {
        name: attribute["StringValue"]
        for name, attribute in letter.message["MessageAttributes"].items()
    }
    assert kept == attributes
    assert len(api.requests()) == before


def test_the_largest_message_is_invited(stack: Stack, api: StandIn) -> None:
    """1 MiB of event does not keep its person from the invitation."""
    frame = json.dumps({"email": "large@example.test", "name": ""})
    body = json.dumps({"email": "large@example.test", "name": "x" * (MAX_BYTES - len(frame))})
    assert len(body) == MAX_BYTES
    stack.send(body)
    wait_until(lambda: "large@example.test" in api.users(), "the person to be invited")


@pytest.mark.parametrize("event", ["{}", '{"Records": []}', '{"Records": null}'])
def test_an_invocation_without_records_answers_that_nothing_failed(
    stack: Stack, event: str
) -> None:
    """An empty event, as somebody sends who tries the function out, is no crash."""
    answer = stack.client("lambda").invoke(
        FunctionName=stack.outputs["SendInvitesFunctionName"], Payload=event
    )
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
