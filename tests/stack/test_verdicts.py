"""A message that is not invited: one row for each verdict, from the answer to the ledger.

Which answer has which verdict is the table of `tests/unit/api/test_response.py`.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until

# What the API does, and what the ledger says then: verdict, code, status.
ROWS: dict[str, tuple[dict[str, Any], tuple[str, str, str | None]]] = {
    "stop": ({"status": 418}, ("stop", "refused_by_api", "418")),
    "retry": ({"status": 500}, ("retry", "server_error", "500")),
    "retry without an answer": ({"reset": "before"}, ("retry", "interrupted", None)),
    "pause": ({"status": 503}, ("pause", "unavailable", "503")),
}


@pytest.fixture
def _clean(stack: Stack) -> Iterator[None]:
    """No pause and no message of one test reaches the next."""
    stack.renew_environments()
    yield
    stack.purge()


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize(("step", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_ledger_has_verdict_code_and_status_of_an_answer(
    stack: Stack,
    api: StandIn,
    step: dict[str, Any],
    expected: tuple[str, str, str | None],
) -> None:
    """The real server's answer ends as the row that an operator reads."""
    email = f"{uuid.uuid4()}@example.test"
    api.script(Step(email=email, **step))
    message_id = stack.send(json.dumps({"email": email}))
    row = wait_until(lambda: stack.reason(message_id), "the ledger's row")
    verdict, code, status = expected
    assert (row["verdict"], row["code"]) == (verdict, code)
    # A status that there is not is a null of DynamoDB's.
    assert row["status"] == (status or True)
