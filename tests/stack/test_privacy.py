"""What the function writes: ids and reasons, and nobody's data."""

import json

from support.letters import take_letter
from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until

MARK = "zq-marked-zq"


def test_no_address_body_or_token_is_logged_or_kept(stack: Stack, api: StandIn) -> None:
    """A marked person goes through success, refusal and malformation; logs and ledger are clean."""
    token = api.add_token(f"77|{MARK.replace('-', '')}", ttl=None)
    stack.store_token(token)
    stack.renew_environments()
    event = {"email": f"{MARK}@example.test", "name": MARK, "roles": ["Artist"]}
    api.script(
        Step(email=f"{MARK}-no@example.test", status=422, json={"message": f"No {MARK}@x.test!"})
    )
    stack.send(json.dumps(event))
    wait_until(lambda: f"{MARK}@example.test" in api.users(), "the marked person to be invited")
    refused = stack.send(json.dumps(event | {"email": f"{MARK}-no@example.test"}))
    broken = stack.send(json.dumps(event)[:-1])
    rows = [take_letter(stack, message_id).reason for message_id in (refused, broken)]
    assert [row["code"] for row in rows] == ["refused_by_api", "malformed_body"]
    log = stack.log()
    assert refused in log
    assert broken in log
    for secret in (MARK, token, MARK.replace("-", "")):
        assert secret not in log
        assert secret not in json.dumps(rows)


def test_every_metric_is_written_for_every_batch(stack: Stack) -> None:
    """The function's log holds EMF lines with the metrics that alarms and dashboards read."""
    lines = [line for line in stack.log().splitlines() if line.startswith("{")]
    batches = [batch for line in lines if "_aws" in (batch := json.loads(line))]
    names = {"Received", "Invited", "AlreadyInvited", "Ignored", "Retried", "Paused", "Stopped"}
    assert batches
    assert all(names <= batch.keys() for batch in batches)
