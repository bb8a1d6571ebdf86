"""One person, one invitation: with an API that would not notice the second."""

import json
from collections.abc import Iterator

import pytest

from invites.sending.claim import person_key
from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until


@pytest.fixture(autouse=True)
def _api_that_invites_anybody_again(api: StandIn) -> Iterator[None]:
    """Without its rule that addresses are unique, each call that gets through is an invitation."""
    api.configure(unique=False)
    yield
    api.configure(unique=True)


def _all_done(stack: Stack) -> bool:
    return not stack.messages("SignupQueueUrl")


def test_many_events_at_once_invite_once(stack: Stack, api: StandIn) -> None:
    """Ten systems announce one hire in the same second, each spelling the address its own way."""
    spellings = ["crowd@example.test", " Crowd@Example.Test ", "CROWD@example.test"]
    for number in range(30):
        stack.send(json.dumps({"email": spellings[number % 3], "name": f"system {number}"}))
    wait_until(lambda: _all_done(stack), "all events to be done", seconds=200)
    assert api.users()["crowd@example.test"].invited_count == 1


def test_a_later_event_with_other_roles_does_not_invite_again(stack: Stack, api: StandIn) -> None:
    """It is done as already invited, and the log says that the roles differ."""
    stack.send(json.dumps({"email": "promoted@example.test"}))
    wait_until(lambda: "promoted@example.test" in api.users(), "the invitation")
    wait_until(lambda: _all_done(stack), "the first event to be done")
    later = stack.send(json.dumps({"email": "promoted@example.test", "roles": ["Editor"]}))
    wait_until(lambda: _all_done(stack), "the later event to be done")
    assert api.users()["promoted@example.test"].invited_count == 1
    line = next(line for line in stack.log().splitlines() if later in line)
    assert json.loads(line)["message"] == "already_invited"
    assert "roles differ" in json.loads(line)["detail"]


def test_after_a_reset_the_person_is_asked_for_again_only_when_the_call_must_be_over(
    stack: Stack, api: StandIn
) -> None:
    """The claim of a call without an answer is held until its function has surely ended."""
    api.script(Step(email="unsure@example.test", reset="before"))
    message_id = stack.send(json.dumps({"email": "unsure@example.test"}))
    wait_until(lambda: stack.reason(message_id), "the reason in the ledger")
    twin = stack.send(json.dumps({"email": "unsure@example.test"}))
    row = wait_until(lambda: stack.reason(twin), "the twin's reason")
    assert row["code"] == "in_progress"
    assert (
        len(
            [
                request
                for request in api.requests()
                if request.body == {"email": "unsure@example.test", "roles": ["Artist"]}
            ]
        )
        == 1
    )
    stack.purge()


@pytest.mark.parametrize(
    ("row", "calls"),
    [
        ({"state": {"S": "invited"}, "expires_at": {"N": "4102444800"}}, 0),
        ({"state": {"S": "invited"}, "expires_at": {"N": "1000000000"}}, 1),
        ({"state": {"S": "in_progress"}, "held_until": {"N": "1000000000"}}, 1),
    ],
    ids=["remembered", "forgotten, though not deleted yet", "claimed by a function that is gone"],
)
def test_a_claim_holds_for_its_time(
    stack: Stack, api: StandIn, row: dict[str, dict[str, str]], calls: int
) -> None:
    """DynamoDB deletes rows days after their time, so the condition of the claim looks at it."""
    email = f"claimed-{len(api.requests())}@example.test"
    item = {
        "pk": {"S": f"person#{person_key(api.url, email)}"},
        "owner": {"S": "somebody"},
        "held_until": {"N": "0"},
        "roles": {"L": []},
        "expires_at": {"N": "4102444800"},
        **row,
    }
    ledger = stack.outputs["LedgerTableName"]
    stack.client("dynamodb").put_item(TableName=ledger, Item=item)
    stack.send(json.dumps({"email": email}))
    wait_until(lambda: _all_done(stack), "the event to be done")
    body = {"email": email, "roles": ["Artist"]}
    assert len([request for request in api.requests() if request.body == body]) == calls
