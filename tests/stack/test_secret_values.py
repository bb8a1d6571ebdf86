"""Key, secret and token go through every failure, and are in nothing that can be read."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.rotation import PENDING, Rotator, StepError, store_credentials_value
from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until

MARK = "zqmarkedzq"
KEY, SECRET, TOKEN = f"{MARK}-key", f"{MARK}-secret", f"41|{MARK}"
EXCHANGE, READ, INVITE = "/api/v1/token", "/api/v1/countries", "/api/v1/users"
GOOD = json.dumps({"api_key": KEY, "api_secret": SECRET})

# What the secret holds, what the API does, and what is said.
FAILURES: dict[str, tuple[str, list[Step], str]] = {
    "empty": (" ", [], "credentials-\\w+ is empty: store"),
    "not JSON": (f'{{"api_key": "{KEY}"', [], "credentials-\\w+ is not JSON: store"),
    "a list": (json.dumps([KEY, SECRET]), [], "is not a JSON object: store"),
    "no key": (json.dumps({"api_secret": SECRET}), [], "has no text in its field `api_key`"),
    "no secret": (json.dumps({"api_key": KEY}), [], "has no text in its field `api_secret`"),
    "a line break": (
        json.dumps({"api_key": f"{KEY}\r\nX: {MARK}", "api_secret": SECRET}),
        [],
        "field `api_key` that HTTP cannot carry",
    ),
    "refused": (
        GOOD,
        [Step(path=EXCHANGE, status=401, json={"message": f"{KEY} {SECRET}"})],
        r"refuses key and secret \(401\): store valid ones in secret spacemedia-credentials",
    ),
    "the API fails": (
        GOOD,
        [Step(path=EXCHANGE, status=500, json={"message": SECRET})],
        "answered with 500",
    ),
    "a page": (GOOD, [Step(path=EXCHANGE, html=f"<h1>{TOKEN}</h1>")], "no JSON"),
    "no token": (GOOD, [Step(path=EXCHANGE, json={"tokens": TOKEN})], "no bearer token"),
    "half a token": (
        GOOD,
        [Step(path=EXCHANGE, json={"token": TOKEN}, truncate=True)],
        "no complete answer",
    ),
    "no time": (
        GOOD,
        [Step(path=EXCHANGE, json={"token": TOKEN, "expires_at": MARK})],
        "neither a time nor null",
    ),
    "a token that is refused": (
        GOOD,
        [
            Step(path=EXCHANGE, json={"token": TOKEN, "expires_at": None}),
            Step(path=READ, status=401, json={"message": TOKEN}),
        ],
        "refuses the new token",
    ),
    "a read that breaks": (
        GOOD,
        [
            Step(path=EXCHANGE, json={"token": TOKEN, "expires_at": None}),
            Step(path=READ, json={"message": TOKEN}, truncate=True),
        ],
        "no complete answer",
    ),
}
# What the token secret holds, and the code of a signup then.
VALUES = {
    "not JSON": (f'{{"token": "{TOKEN}"', "token_unusable"),
    "no field": (json.dumps({"Token": TOKEN}), "token_unusable"),
    "no token": (f"{TOKEN} {TOKEN}", "token_unusable"),
    "refused": (json.dumps({"token": TOKEN}), "token_refused"),
}


@pytest.fixture(autouse=True)
def _as_before(stack: Stack, api: StandIn) -> Iterator[None]:
    """Afterwards all secrets are good ones again, and unmarked."""
    rotator = Rotator(stack)
    rotator.drop(PENDING)
    yield
    api.script(replace=True)
    settings = api.settings()
    store_credentials_value(
        stack.aws, json.dumps({name: settings[name] for name in ("api_key", "api_secret")})
    )
    rotator.drop(PENDING)
    stack.store_token(api.add_token(ttl=None))
    stack.renew_environments()
    stack.purge()


def _everything(stack: Stack) -> str:
    """All logs, all of the ledger, all messages."""
    rows: list[dict[str, Any]] = stack.client("dynamodb").scan(
        TableName=stack.outputs["LedgerTableName"]
    )["Items"]
    queues = ("SignupQueueUrl", "DeadLetterQueueUrl", "UndeliveredQueueUrl")
    return stack.log() + json.dumps(
        [rows, [stack.messages(queue) for queue in queues]], default=str
    )


@pytest.mark.parametrize(("value", "steps", "problem"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failed_rotation_names_its_cause_and_shows_no_value(
    stack: Stack, api: StandIn, value: str, steps: list[Step], problem: str
) -> None:
    """The error says which secret is wrong and what to do, and nothing holds a value."""
    store_credentials_value(stack.aws, value)
    api.script(*steps)
    with pytest.raises(StepError, match=problem) as caught:
        Rotator(stack).rotate()
    assert MARK not in str(caught.value)
    assert MARK not in _everything(stack)


def test_a_rotation_shows_no_value(stack: Stack, api: StandIn) -> None:
    """Nor does it when all goes well."""
    store_credentials_value(stack.aws, GOOD)
    api.script(Step(path=EXCHANGE, json={"token": api.add_token(TOKEN), "expires_at": None}))
    Rotator(stack).rotate()
    assert Rotator(stack).value()["token"] == TOKEN
    assert MARK not in _everything(stack)
    api.revoke(TOKEN)


@pytest.mark.parametrize(("value", "code"), VALUES.values(), ids=VALUES.keys())
def test_a_signup_without_a_working_token_waits_and_shows_no_value(
    stack: Stack, api: StandIn, value: str, code: str
) -> None:
    """The signup waits, and says why without the token, though the API repeats it."""
    stack.store_token(value)
    stack.renew_environments()
    body = {"message": f"Unauthenticated: {TOKEN}"}
    api.script(Step(path=INVITE, status=401, json=body, times=2))
    message_id = stack.send(json.dumps({"email": f"{code}@example.test"}))
    row = wait_until(lambda: stack.reason(message_id), "the reason in the ledger")
    assert row["code"] == code
    with contextlib.suppress(StepError):
        Rotator(stack).rotate()
    assert MARK not in _everything(stack)
