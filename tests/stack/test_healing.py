"""A token that is refused, missing or about to expire is renewed without anybody's help.

RotateSecret is answered by `support.secrets_proxy`, since the local AWS's own does not rotate.
"""

import json
import time
from collections.abc import Iterator

import pytest

from invites.token import format_time
from support.rotation import CURRENT, PENDING, Rotator
from support.secrets_proxy import SecretsProxy, secrets_proxy
from support.spacemedia.client import StandIn, Step, fingerprint
from support.stack import Stack
from support.waiting import wait_until

HOUR = 3600.0
MINUTE = 60.0


@pytest.fixture
def proxy(stack: Stack, api: StandIn) -> Iterator[SecretsProxy]:
    """A Secrets Manager that rotates, a token that is an hour old, and no rotation yet."""
    Rotator(stack).drop(PENDING)
    _forget(stack)
    stack.store_token(json.dumps({"token": api.add_token(ttl=None)}))
    with secrets_proxy(stack) as running:
        running.age(HOUR)
        stack.renew_environments(AWS_ENDPOINT_URL_SECRETS_MANAGER=running.url)
        yield running
        api.script(replace=True)
        stack.purge()
        stack.renew_environments(AWS_ENDPOINT_URL_SECRETS_MANAGER=stack.aws.endpoint)
    stack.store_token(api.add_token(ttl=None))
    _forget(stack)


def _forget(stack: Stack) -> None:
    stack.client("dynamodb").delete_item(
        TableName=stack.outputs["LedgerTableName"], Key={"pk": {"S": "rotation"}}
    )


def _send(stack: Stack, *emails: str) -> None:
    for email in emails:
        stack.send(json.dumps({"email": email}))


def _metric(stack: Stack, name: str, since: float) -> bool:
    log = stack.log(since).splitlines()
    lines = (json.loads(line) for line in log if line.startswith("{"))
    return any(line.get(name) == [1] for line in lines)


def test_after_a_revoked_token_everybody_is_invited_by_one_new_token(
    stack: Stack, api: StandIn, proxy: SecretsProxy
) -> None:
    """It takes less than a minute, and dead-letters nobody."""
    emails = [f"healed-{number}@example.test" for number in range(30)]
    assert api.revoke_all()
    _send(stack, *emails)
    began = time.monotonic()
    wait_until(lambda: all(email in api.users() for email in emails), "them to be invited", MINUTE)
    assert time.monotonic() - began < MINUTE
    assert (len(proxy.requested), proxy.failed) == (1, [])
    assert Rotator(stack).version(CURRENT) == proxy.requested[0]
    assert not [
        message for message in stack.messages("DeadLetterQueueUrl") if "healed-" in message["Body"]
    ]
    users = api.users()
    assert all(users[email].invited_count == 1 for email in emails)


def test_the_first_signup_has_the_first_token_made(
    stack: Stack, api: StandIn, proxy: SecretsProxy
) -> None:
    """The secret has no value before it."""
    Rotator(stack).drop(CURRENT)
    _send(stack, "first@example.test")
    wait_until(lambda: "first@example.test" in api.users(), "the person", MINUTE)
    assert len(proxy.requested) == 1


def test_a_token_that_nears_its_end_is_renewed_while_it_still_works(
    stack: Stack, api: StandIn, proxy: SecretsProxy
) -> None:
    """Nobody is refused meanwhile."""
    began = time.time()
    token, ends = api.add_token(ttl=300), began + 300
    stack.store_token(json.dumps({"token": token, "expires_at": format_time(ends)}))
    proxy.age(HOUR)
    before = api.stats().by_status.get("401", 0)
    _send(stack, "early@example.test")
    wait_until(lambda: Rotator(stack).version(CURRENT) in proxy.requested, "the rotation")
    _send(stack, "late@example.test")
    wait_until(lambda: {"early@example.test", "late@example.test"} <= api.users().keys(), "both")
    assert len(proxy.requested) == 1
    assert api.stats().by_status.get("401", 0) == before
    assert _metric(stack, "TokenExpiring", began)


def test_after_a_rotation_that_does_not_help_no_third_token_is_asked_for(
    stack: Stack, api: StandIn, proxy: SecretsProxy
) -> None:
    """The new token is refused as well, and the metric of the alarm says so."""
    api.script(Step(path="/api/v1/users", status=401, times=None))
    began, numbers = time.time(), iter(range(1000))

    def is_told() -> bool:
        _send(stack, f"refused-{next(numbers)}@example.test")
        time.sleep(1)
        return _metric(stack, "TokenRefusedAfterRotation", began)

    wait_until(is_told, "the metric", 3 * MINUTE)
    assert len(proxy.requested) == 1
    row = stack.client("dynamodb").get_item(
        TableName=stack.outputs["LedgerTableName"], Key={"pk": {"S": "rotation"}}
    )["Item"]
    assert float(row["next_ask"]["N"]) > time.time() + 5 * HOUR


def test_a_rotation_in_the_middle_of_500_signups_fails_none(stack: Stack, api: StandIn) -> None:
    """The old token is revoked while invites are under way."""
    old = Rotator(stack).version(CURRENT)
    token = next(
        issued_token for issued_token in api.tokens() if issued_token.token in _current_value(stack)
    )
    emails = [f"flow-{number}@example.test" for number in range(500)]
    api.configure(latency=0.02)
    ids: set[str] = set()
    for start in range(0, len(emails), 10):
        batch = [json.dumps({"email": email}) for email in emails[start : start + 10]]
        ids |= set(stack.send_batch(batch))
    wait_until(lambda: sum("flow-" in email for email in api.users()) > 50, "the flow to begin")
    Rotator(stack).rotate()
    assert api.revoke(token.token)
    assert sum("flow-" in email for email in api.users()) < len(emails)
    wait_until(lambda: all(email in api.users() for email in emails), "everybody", 2 * MINUTE)
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the queue to be empty")
    api.configure(latency=0.0)
    assert Rotator(stack).version(CURRENT) != old
    users = api.users()
    assert all(users[email].invited_count == 1 for email in emails)
    flow = [request for request in api.requests() if _is_flow(request.body)]
    assert {request.status for request in flow} <= {201, 401}
    # Calls that were under way with the old token fail once each; all others had the new one.
    assert sum(request.status == 401 for request in flow) <= 40
    renewed = fingerprint(json.loads(_current_value(stack))["token"])
    assert flow[-1].headers["authorization"] == renewed
    assert not ids & stack.reasons().keys()


def _current_value(stack: Stack) -> str:
    answer = stack.client("secretsmanager").get_secret_value(
        SecretId=stack.outputs["TokenSecretArn"]
    )
    return str(answer["SecretString"])


def _is_flow(body: object) -> bool:
    return isinstance(body, dict) and str(body.get("email", "")).startswith("flow-")
