"""What fails: alone, with its reason, and with nothing lost."""

import json

from support.letters import take_letter
from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until


def _event(email: str, *roles: str) -> str:
    return json.dumps({"email": email, "roles": list(roles)})


def test_a_refusal_is_dead_lettered_by_sqs_with_its_reason(stack: Stack, api: StandIn) -> None:
    """One call; SQS itself moves the message, untouched, so that its console can send it back."""
    body = _event("refused@example.test", "Astronaut")
    message_id = stack.send(body, attributes={"origin": "unit 7"})
    letter = take_letter(stack, message_id)
    assert letter.message["Body"] == body
    assert letter.message["MessageAttributes"]["origin"]["StringValue"] == "unit 7"
    source = letter.message["Attributes"]["DeadLetterQueueSourceArn"]
    assert source == stack.outputs["SignupQueueArn"]
    assert letter.reason["code"] == "refused_by_api"
    assert letter.reason["status"] == "422"
    assert "The selected roles.0 is invalid." in letter.reason["detail"]
    assert len([request for request in api.requests() if request.body == json.loads(body)]) == 1


def test_a_dead_letter_that_is_sent_again_is_invited_once_its_cause_is_gone(
    stack: Stack, api: StandIn
) -> None:
    """What was refused is not held against the message when the operator sends it again."""
    body = _event("pardoned@example.test", "Conservator")
    letter = take_letter(stack, stack.send(body))
    known = api.settings()["roles"]
    api.configure(roles=[*known, "Conservator"])
    stack.send(letter.message["Body"])
    wait_until(lambda: "pardoned@example.test" in api.users(), "the person to be invited")
    api.configure(roles=known)


def test_one_bad_message_fails_alone(stack: Stack, api: StandIn) -> None:
    """Neighbours of a message that cannot be read are invited as if it were not there."""
    bodies = [_event(f"neighbour-{n}@example.test") for n in range(4)]
    ids = stack.send_batch([*bodies[:2], "{not json", *bodies[2:]])
    assert take_letter(stack, ids[2]).reason["code"] == "malformed_body"
    users = api.users()
    assert all(users[f"neighbour-{n}@example.test"].invited_count == 1 for n in range(4))


def test_an_outage_is_waited_out(stack: Stack, api: StandIn) -> None:
    """A message that the API fails on comes again by the schedule, and is invited then."""
    api.script(Step(email="patient@example.test", status=500))
    message_id = stack.send(_event("patient@example.test"))
    reason = wait_until(lambda: stack.reason(message_id), "the reason in the ledger")
    assert (reason["verdict"], reason["code"]) == ("retry", "server_error")
    assert stack.messages("SignupQueueUrl")[0]["IsVisible"] is False
    user = wait_until(lambda: api.users().get("patient@example.test"), "the second try")
    assert user.invited_count == 1


def test_without_a_token_there_is_no_call(stack: Stack, api: StandIn) -> None:
    """An empty secret is told as such; the message waits, and is invited once there is a token."""
    token = api.add_token(ttl=None)
    stack.store_token(" ")
    stack.renew_environments()
    before = len(api.requests())
    message_id = stack.send(_event("tokenless@example.test"))
    reason = wait_until(lambda: stack.reason(message_id), "the reason in the ledger")
    assert (reason["verdict"], reason["code"]) == ("pause", "token_unusable")
    assert "is empty" in reason["detail"]
    assert len(api.requests()) == before
    stack.store_token(token)
    wait_until(lambda: api.users().get("tokenless@example.test"), "the second try")
