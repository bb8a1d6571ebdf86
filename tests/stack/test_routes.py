"""A signup becomes an invitation, whichever way it comes in."""

import json

import pytest

from support.demo.plan import Sending
from support.demo.send import send
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.waiting import wait_until

ROUTES = [
    Sending("canonical/signup", "sqs", "invited"),
    Sending("canonical/signup-with-roles", "sns", "invited"),
    Sending("canonical/signup-base64", "sns", "invited"),
    Sending("eventbridge/signup", "eventbridge", "invited"),
    Sending("eventbridge/cloudevent", "eventbridge", "invited"),
    Sending("eventbridge/in-sns", "sqs", "invited"),
]


@pytest.mark.parametrize(
    "sending", ROUTES, ids=lambda sending: f"{sending.sample} by {sending.route}"
)
def test_a_signup_is_invited_once_by_every_route(
    stack: Stack, api: StandIn, sending: Sending
) -> None:
    """The person has one user at SpaceMedia, with the roles of the sample's expectation."""
    send(stack, sending)
    user = wait_until(lambda: api.users().get(str(sending.address)), f"{sending.sample} to arrive")
    expectation = json.loads(sending.expectation)["invites"][0]
    assert user.invited_count == 1
    assert user.roles == [expectation["roles"]]


def test_the_same_person_twice_is_one_user(stack: Stack, api: StandIn) -> None:
    """A second event for a person who is there already is done, not dead-lettered."""
    for source in ("identity", "hr"):
        body = {"email": "twice@example.test", "name": source}
        stack.send(json.dumps(body))
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "both events to be done")
    assert api.users()["twice@example.test"].invited_count == 1
    assert "twice@example.test" not in json.dumps(stack.messages("DeadLetterQueueUrl"))


def test_an_event_of_another_type_invites_nobody(stack: Stack, api: StandIn) -> None:
    """An update of a person is deleted from the queue without a call to the API."""
    before = len(api.requests())
    send(stack, Sending("canonical/signup-updated", "sqs", "ignored"))
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the update to be done")
    assert len(api.requests()) == before
