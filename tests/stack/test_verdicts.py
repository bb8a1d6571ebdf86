"""Each row of the table of outcomes, from the real server's answer to the ledger's row."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until

# What the API does, and what the ledger says then: verdict, code, status.
ROWS: dict[str, tuple[dict[str, Any], tuple[str, str, str | None]]] = {
    "400": ({"status": 400}, ("retry", "bad_request", "400")),
    "402": ({"status": 402}, ("retry", "not_permitted", "402")),
    "403": ({"status": 403}, ("retry", "not_permitted", "403")),
    "404": ({"status": 404}, ("pause", "wrong_endpoint", "404")),
    "405": ({"status": 405}, ("pause", "wrong_endpoint", "405")),
    "408": ({"status": 408}, ("retry", "server_error", "408")),
    "409": ({"status": 409}, ("retry", "server_error", "409")),
    "418": ({"status": 418}, ("stop", "refused_by_api", "418")),
    "419": ({"status": 419}, ("pause", "wrong_endpoint", "419")),
    "429 for longer than there is time": (
        {"status": 429, "headers": {"Retry-After": "3600"}},
        ("retry", "throttled", "429"),
    ),
    "500": ({"status": 500}, ("retry", "server_error", "500")),
    "502, a page": (
        {"status": 502, "html": "<h1>Bad gateway</h1>"},
        ("retry", "server_error", "502"),
    ),
    "503": ({"status": 503}, ("pause", "unavailable", "503")),
    "401 twice": ({"status": 401, "times": 2}, ("pause", "token_refused", "401")),
    "a redirect": ({"redirect": "/login"}, ("pause", "wrong_endpoint", "302")),
    "200, a page": ({"html": "<h1>Welcome</h1>"}, ("pause", "wrong_endpoint", "200")),
    "200, another shape": ({"json": {"data": {}}}, ("pause", "wrong_endpoint", "200")),
    "204": ({"status": 204}, ("pause", "wrong_endpoint", "204")),
    "a reset": ({"reset": "before"}, ("retry", "interrupted", None)),
    "a truncated answer": ({"truncate": True}, ("retry", "interrupted", None)),
}


@pytest.fixture
def _clean(stack: Stack) -> Iterator[None]:
    """No pause and no message of one test reaches the next."""
    stack.renew_environments()
    yield
    stack.purge()


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize(("step", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_answer_decides(
    stack: Stack,
    api: StandIn,
    step: dict[str, Any],
    expected: tuple[str, str, str | None],
    request: pytest.FixtureRequest,
) -> None:
    """The ledger's row on the message has the verdict, the code and the status of the table."""
    email = f"{abs(hash(request.node.name))}@example.test"
    api.script(Step(email=email, **step))
    message_id = stack.send(json.dumps({"email": email}))
    row = wait_until(lambda: stack.reasons().get(message_id), "the ledger's row")
    assert (row["verdict"], row["code"]) == expected[:2]
    assert row["status"] == (expected[2] or True)
