"""send_invites.token_renewal: who requests a rotation, when, and what that may not disturb."""

import time
from collections.abc import Iterator
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from aws_adapters.ledger.rotation import RETRY_REQUEST_SECONDS, DynamoRotationLock
from invites.outcome import Outcome, Reply, Verdict
from invites.token import BACK_OFF_SECONDS, FRESH_SECONDS, TokenReport, TokenState
from send_invites.token_renewal import (
    ATTEMPT_INTERVAL_SECONDS,
    RotationRequester,
    TokenRenewal,
)
from send_invites.token_source import SecretTokens
from support.build import NOW, VirtualClock
from support.secrets_manager import FakeSecretsManager, refusal

if TYPE_CHECKING:
    from invites.job import Job

# What a renewal may take, and what it may wait for the lock, in seconds.
MAX_SECONDS, LOCK_TIMEOUT = 28.0, 0.05
# A test that waits until a lock is released notices it.
HELD_SECONDS = 1.0
OLD = NOW - FRESH_SECONDS
REQUESTED = ("asked Secrets Manager to rotate the token",)


class Row:
    """The ledger's row of rotations, as its three conditional updates change it."""

    def __init__(self) -> None:
        self.row: dict[str, float] = {}
        self.error: Exception | None = None
        self.writes = 0

    def update_item(self, **request: Any) -> None:  # noqa: ANN401 - as boto3's
        """Apply the update if its condition holds."""
        self.writes += 1
        if self.error:
            raise self.error
        values = {k: float(v["N"]) for k, v in request["ExpressionAttributeValues"].items()}
        if not self._holds(request["ConditionExpression"], values):
            error = refusal("UpdateItem", "ConditionalCheckFailedException")
            if self.row:
                item = {key: {"N": str(value)} for key, value in self.row.items()}
                cast("Any", error.response)["Item"] = item
            raise error
        for change in request["UpdateExpression"].removeprefix("SET ").split(", "):
            name, _, value = change.partition(" = ")
            self.row[name] = values[value]

    def _holds(self, condition: str, values: dict[str, float]) -> bool:
        if condition.startswith("attribute_not_exists"):
            return not self.row or self.row["next_ask"] <= values[":now"]
        if condition.startswith("asked_at ="):
            return self.row.get("asked_at") == values[":now"]
        asked, rests = self.row.get("asked_at"), self.row.get("rests_until", 0.0)
        is_ours = asked is not None and values[":earliest"] <= asked <= values[":created"]
        return is_ours and rests <= values[":now"]


class Tokens:
    """What is known of the token, and what reading it again would tell, as a test says."""

    def __init__(self, state: TokenState) -> None:
        self.known = self.really = state
        self.cleared = 0

    def state(self, lock_timeout: float) -> TokenState:
        """As it was."""
        del lock_timeout
        return self.known

    def reread(self, lock_timeout: float) -> TokenState | None:
        """As it is."""
        del lock_timeout
        return self.really

    def clear_refusal(self) -> None:
        """Count."""
        self.cleared += 1


class Deployment:
    """Execution environments around one row of the ledger and one Secrets Manager."""

    def __init__(self) -> None:
        self.row, self.secrets, self.clock = Row(), FakeSecretsManager(), VirtualClock()
        self.tokens = Tokens(TokenState(OLD, is_refused=True))

    def environment(
        self, *, has_rotation: bool = True, tokens: SecretTokens | None = None
    ) -> TokenRenewal:
        """Another execution environment."""
        arn = "function" if has_rotation else ""
        return TokenRenewal(
            tokens or cast("SecretTokens", self.tokens),
            DynamoRotationLock(cast("Any", self.row), "ledger"),
            RotationRequester(cast("Any", self.secrets), "secret", arn),
            self.clock.now,
            MAX_SECONDS,
            lock_timeout=LOCK_TIMEOUT,
        )

    @property
    def requests(self) -> int:
        """How many rotations were requested."""
        return self.secrets.count("RotateSecret")


@pytest.fixture
def deployment() -> Deployment:
    """A token that is refused, and not new."""
    return Deployment()


class _Result:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def after(
    renewal: TokenRenewal, *outcomes: Outcome, seconds_left: float = MAX_SECONDS + 1
) -> TokenReport:
    """After a batch with these outcomes."""
    results = cast("list[Job]", [_Result(outcome) for outcome in outcomes])
    return renewal.after_batch(results, seconds_left)


# Who requests a rotation, and when.


def test_rotation_is_requested_of_this_secret_with_this_function(deployment: Deployment) -> None:
    assert after(deployment.environment()) == TokenReport(notes=REQUESTED)
    expected = [{"SecretId": "secret", "RotationLambdaARN": "function"}]
    assert deployment.secrets.requests["RotateSecret"] == expected


def test_one_environment_requests_it_for_all_and_for_ten_minutes(deployment: Deployment) -> None:
    environments = [deployment.environment() for _ in range(5)]
    for _ in range(int(FRESH_SECONDS / ATTEMPT_INTERVAL_SECONDS) - 1):
        for environment in environments:
            after(environment)
        deployment.clock.time += ATTEMPT_INTERVAL_SECONDS
    assert deployment.requests == 1
    deployment.clock.time += ATTEMPT_INTERVAL_SECONDS
    for environment in environments:
        after(environment)
    assert deployment.requests == 2


def test_environment_leaves_the_ledger_alone_for_a_while_after_an_attempt(
    deployment: Deployment,
) -> None:
    renewal = deployment.environment()
    for _ in range(10):
        after(renewal)
    assert deployment.row.writes == 1


def test_token_that_another_environment_renewed_needs_nothing(deployment: Deployment) -> None:
    deployment.tokens.really = TokenState(NOW)
    assert after(deployment.environment()) == TokenReport()
    assert (deployment.requests, deployment.row.writes) == (0, 0)


def test_nothing_is_requested_for_hours_if_the_new_token_is_refused_as_well(
    deployment: Deployment,
) -> None:
    """And every environment whose calls are refused reports it."""
    after(deployment.environment())
    deployment.clock.time += 60
    state = TokenState(NOW + 2, is_refused=True)
    deployment.tokens.known = deployment.tokens.really = state
    environments = [deployment.environment() for _ in range(3)]
    assert all(after(environment).is_refused_after_rotation for environment in environments)
    deployment.clock.time += BACK_OFF_SECONDS - ATTEMPT_INTERVAL_SECONDS
    assert all(after(environment).is_refused_after_rotation for environment in environments)
    assert deployment.requests == 1
    deployment.clock.time += ATTEMPT_INTERVAL_SECONDS
    after(environments[0])
    assert deployment.requests == 2


def test_new_token_that_was_not_requested_is_replaced_after_ten_minutes(
    deployment: Deployment,
) -> None:
    """An operator or the schedule made it."""
    state = TokenState(NOW, is_refused=True)
    deployment.tokens.known = deployment.tokens.really = state
    renewal = deployment.environment()
    assert after(renewal) == TokenReport()
    deployment.clock.time += FRESH_SECONDS
    assert after(renewal) == TokenReport(notes=REQUESTED)


def test_end_of_the_token_is_reported_without_a_rotation(deployment: Deployment) -> None:
    deployment.tokens.known = TokenState(OLD, NOW + 1)
    renewal = deployment.environment(has_rotation=False)
    assert after(renewal) == TokenReport(is_expiring=True)
    assert (deployment.requests, deployment.row.writes) == (0, 0)


@pytest.mark.parametrize(
    ("outcome", "cleared"),
    [
        (Outcome(Verdict.RETRY, reply=Reply(500)), 0),
        (Outcome(Verdict.ALREADY_INVITED), 0),
        (Outcome(Verdict.INVITED, reply=Reply(201)), 1),
    ],
    ids=["no success", "a success without a call", "a success"],
)
def test_success_clears_a_refusal(deployment: Deployment, outcome: Outcome, cleared: int) -> None:
    """A person who is refused beside others that are not lacks a right; the token does not."""
    after(deployment.environment(has_rotation=False), outcome, seconds_left=0.0)
    assert deployment.tokens.cleared == cleared


# What goes wrong.


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (refusal("RotateSecret", "AccessDenied"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="http://x"), "EndpointConnectionError"),
    ],
)
def test_refused_request_is_reported_and_repeated_after_a_minute(
    deployment: Deployment, error: Exception, word: str
) -> None:
    deployment.secrets.errors["RotateSecret"] = error
    renewal = deployment.environment()
    assert after(renewal).notes == (f"Secrets Manager does not rotate the token: {word}",)
    deployment.clock.time += RETRY_REQUEST_SECONDS
    deployment.secrets.errors.clear()
    assert after(renewal).notes == REQUESTED


def test_nobody_requests_a_rotation_while_the_ledger_is_down(deployment: Deployment) -> None:
    """Without its lock every environment might."""
    deployment.row.error = refusal("UpdateItem", "Down")
    (note,) = after(deployment.environment()).notes
    assert note == "no rotation was asked for: the ledger cannot be written: Down"
    assert deployment.requests == 0


def test_fault_of_ours_is_reported_and_does_not_fail_the_batch(deployment: Deployment) -> None:
    deployment.row.error = ZeroDivisionError("secret words")
    (note,) = after(deployment.environment()).notes
    assert note.startswith("ZeroDivisionError at ")
    assert "secret" not in note


def test_renewal_without_enough_time_is_left_to_the_next_batch(deployment: Deployment) -> None:
    renewal = deployment.environment()
    assert after(renewal, seconds_left=MAX_SECONDS) == TokenReport()
    assert after(renewal).notes == REQUESTED


# Another thread is reading the token, and holds the lock.


class Held:
    """A refused token whose lock another thread holds."""

    def __init__(self) -> None:
        self.lock, self.deployment = Lock(), Deployment()
        self.deployment.secrets.store("token", "old", OLD)
        now, client = self.deployment.clock.now, cast("Any", self.deployment.secrets)
        tokens = SecretTokens(client, "token", now, now, self.lock)
        self.renewal = self.deployment.environment(tokens=tokens)
        tokens.refresh(refused=tokens.current())

    def after(self, seconds_left: float, *outcomes: Outcome) -> tuple[TokenReport, float]:
        """After a batch: the report, and how long it took."""
        began = time.monotonic()
        report = after(self.renewal, *outcomes, seconds_left=seconds_left)
        return report, time.monotonic() - began


@pytest.fixture
def held() -> Iterator[Held]:
    """For longer than a renewal may wait, unless the test releases the lock."""
    held = Held()
    held.lock.acquire()
    timer = Timer(HELD_SECONDS, held.lock.release)
    timer.start()
    yield held
    timer.cancel()


def test_renewal_with_little_time_left_does_not_wait_for_the_lock(held: Held) -> None:
    report, took = held.after(5.0)
    assert (report, held.deployment.requests) == (TokenReport(), 0)
    assert took < HELD_SECONDS / 2


def test_renewal_waits_for_the_lock_until_its_timeout(held: Held) -> None:
    report, took = held.after(MAX_SECONDS + 1)
    assert (report, held.deployment.requests) == (TokenReport(), 0)
    assert LOCK_TIMEOUT <= took < HELD_SECONDS / 2


def test_next_batch_renews_after_a_renewal_that_did_not_get_the_lock(held: Held) -> None:
    held.after(MAX_SECONDS + 1)
    held.lock.release()
    report, _ = held.after(MAX_SECONDS + 1)
    assert report.notes == REQUESTED
    assert held.deployment.secrets.count("GetSecretValue") == 3


def test_success_clears_a_refusal_though_the_lock_is_held(held: Held) -> None:
    held.after(5.0, Outcome(Verdict.INVITED, reply=Reply(201)))
    held.lock.release()
    report, _ = held.after(MAX_SECONDS + 1)
    assert (report, held.deployment.requests) == (TokenReport(), 0)
