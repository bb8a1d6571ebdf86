"""The pace: our own limit, and the API's."""

import json
from collections.abc import Iterator

import pytest

from support.spacemedia.client import StandIn
from support.stack import Stack
from support.waiting import wait_until


@pytest.fixture(autouse=True)
def _as_before(stack: Stack, api: StandIn) -> Iterator[None]:
    """No limit outlives its test."""
    yield
    api.configure(throttle=None)
    stack.renew_environments(MAX_INVITES_PER_MINUTE="0")


def test_our_own_limit_holds_over_all_environments(stack: Stack, api: StandIn) -> None:
    """Calls are as far apart as the limit says, though batches are worked on side by side."""
    per_minute = 240
    stack.renew_environments(MAX_INVITES_PER_MINUTE=str(per_minute))
    emails = [f"paced-{n}@example.test" for n in range(24)]
    for email in emails:
        stack.send(json.dumps({"email": email}))
    wait_until(lambda: all(email in api.users() for email in emails), "everybody to be invited")
    bodies = {email: {"email": email, "roles": ["Artist"]} for email in emails}
    times = sorted(request.time for request in api.requests() if request.body in bodies.values())
    assert len(times) == len(emails)
    # A slot every 250 ms. A call reaches the server a little late, by more or less each time.
    assert times[-1] - times[0] >= (len(emails) - 1) * 60 / per_minute - 0.2


def test_the_apis_throttle_is_waited_out_in_the_same_receive(stack: Stack, api: StandIn) -> None:
    """Refused calls are repeated when the API's window has passed; no message is put back."""
    stack.renew_environments()
    api.configure(throttle=5, throttle_window=3.0)
    emails = [f"throttled-{n}@example.test" for n in range(10)]
    ids = stack.send_batch([json.dumps({"email": email}) for email in emails])
    wait_until(lambda: all(email in api.users() for email in emails), "everybody to be invited")
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the queue to be empty")
    assert not stack.reasons().keys() & set(ids)
