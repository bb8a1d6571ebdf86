"""Times and counts of the code, held against those of the template that it runs under."""

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pytest

from aws_adapters.ledger.rows import REASON_DAYS
from aws_adapters.message_reader import make_reader
from invites.api.client import Deadlines
from invites.api.response import EMAIL_TAKEN
from invites.retry import MAX_HIDE_SECONDS, backoff_delay
from invites.sending.sender import WORK_SECONDS
from rotate_token.bootstrap import application as rotation
from send_invites.bootstrap import production_adapters
from send_invites.settings import Settings
from send_invites.timeouts import (
    AWS_CALL_SECONDS,
    BATCH_CALL_SECONDS,
    CALL_SECONDS,
    EXPIRY_MARGIN_SECONDS,
    MAX_PARALLEL_CALLS,
    SETTLE_SECONDS,
)
from support.build import READER
from support.environment import ENVIRONMENT, SETTINGS
from template.reading import Template

if TYPE_CHECKING:
    from aws_adapters.ledger.batched_claims import BatchedClaims

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
# SQS counts a visibility timeout from the receive, and refuses more.
LONGEST_VISIBILITY = 12 * HOUR
# botocore, standard retry mode: the wait before the second try is drawn from 0 to this.
FIRST_BACKOFF = 1


def _function(template: Template, name: str) -> Any:  # noqa: ANN401 - a piece of the template
    return template.properties("SendInvitesFunction")[name]


def _variables(template: Template) -> dict[str, Any]:
    variables: dict[str, Any] = _function(template, "Environment")["Variables"]
    return variables


def _retention(template: Template, queue: str = "SignupQueue") -> int:
    return int(template.properties(queue)["MessageRetentionPeriod"])


def test_there_is_a_minute_to_wait_in(template: Template) -> None:
    """Besides the slowest call and what follows it, a throttle's whole window can be waited out."""
    assert _function(template, "Timeout") - CALL_SECONDS - SETTLE_SECONDS >= MINUTE


def test_the_slowest_call() -> None:
    """Token, claim and token anew, two calls; then the claim's end, the reason, visibility.

    A claim, and its end, may be tried in a batch before it is tried alone.
    """
    batched = BATCH_CALL_SECONDS
    assert batched + 3 * AWS_CALL_SECONDS + 2 * Deadlines().total <= CALL_SECONDS
    assert batched + 3 * AWS_CALL_SECONDS <= SETTLE_SECONDS
    assert Deadlines().total >= Deadlines().connect + Deadlines().read


def test_a_call_ends_with_its_claim() -> None:
    """Who gets token and claim as slowly as can be still has the time that a call may go on for."""
    at_latest = BATCH_CALL_SECONDS + 2 * AWS_CALL_SECONDS
    assert CALL_SECONDS + SETTLE_SECONDS - at_latest >= WORK_SECONDS


def test_calls_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clients that are really made give up within the time that is reckoned with."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    ports = production_adapters(Settings.from_environment(ENVIRONMENT), READER)
    claims = cast("BatchedClaims", ports.claims)
    batches = vars(claims)["_client"].meta.config
    assert batches.retries["total_max_attempts"] == 1
    assert batches.connect_timeout + batches.read_timeout <= BATCH_CALL_SECONDS
    alone = vars(claims)["_claims"]
    for part in (ports.tokens, alone, ports.ledger, ports.rate_limiter, ports.queue):
        client: Any = vars(part)["_client"]
        config = client.meta.config
        assert config.retries["mode"] == "standard"
        one_try = config.connect_timeout + config.read_timeout
        tries = config.retries["total_max_attempts"]
        assert tries * one_try + (tries - 1) * FIRST_BACKOFF <= AWS_CALL_SECONDS
        assert config.max_pool_connections >= MAX_PARALLEL_CALLS


def test_rest_is_counted_by_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection's rest goes on while Lambda has frozen the environment."""
    for name, value in {**ENVIRONMENT, "CREDENTIALS_SECRET_ID": "credentials"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    invites = vars(production_adapters(Settings.from_environment(ENVIRONMENT), READER).api)["_api"]
    tokens = vars(rotation.__wrapped__().rotation)["_api"]
    for api in (invites, tokens):
        assert vars(vars(api)["_transport"])["_now"] is time.time


def test_the_largest_batch_is_sent_side_by_side(template: Template) -> None:
    """Or its last people would have no time left."""
    assert template.parameters["BatchSize"]["MaxValue"] <= MAX_PARALLEL_CALLS


def test_the_function_knows_its_queue(template: Template) -> None:
    """Retention and receive count are told to the function as the queue has them."""
    variables, queue = _variables(template), template.properties("SignupQueue")
    assert int(variables["QUEUE_RETENTION_SECONDS"]) == _retention(template)
    assert variables["MAX_RECEIVE_COUNT"] == queue["RedrivePolicy"]["maxReceiveCount"]


def test_every_setting_is_set(template: Template) -> None:
    """Each variable that the function reads is there, and none that it does not."""
    given = dict.fromkeys(_variables(template), "1") | {"API_BASE_URL": "https://api.example.test"}
    Settings.from_environment(given)
    make_reader(given)
    assert given.keys() == ENVIRONMENT.keys() | {"ROTATION_FUNCTION_ARN", "OUTCOME_TOPIC_ARN"}
    assert len(SETTINGS) + 2 == len(Settings.__dataclass_fields__)


def test_nothing_expires_unseen(template: Template) -> None:
    """Put back by the longest wait just before the margin, a message is seen before its end."""
    visibility = template.properties("SignupQueue")["VisibilityTimeout"]
    assert (
        max(MAX_HIDE_SECONDS, visibility) + _function(template, "Timeout") < EXPIRY_MARGIN_SECONDS
    )
    assert _retention(template) > 2 * EXPIRY_MARGIN_SECONDS


def test_the_longest_hold_fits_sqs(template: Template) -> None:
    """SQS counts 12 hours from the receive, and the function runs for a while before it asks."""
    window = _function(template, "Events")["SignupMessages"]["Properties"]
    elapsed = _function(template, "Timeout") + window["MaximumBatchingWindowInSeconds"]
    assert MAX_HIDE_SECONDS + elapsed <= LONGEST_VISIBILITY


def test_the_schedule() -> None:
    """A blip costs half a minute at most, and a recovered API is noticed within three hours."""
    waits = [backoff_delay(receives, 1.0) for receives in range(1, 30)]
    assert waits[0] <= MINUTE / 2
    assert max(waits) <= 3 * HOUR
    assert all(later >= earlier for earlier, later in pairwise(waits))


@pytest.mark.parametrize("bound", ["MinValue", "Default"])
def test_the_horizon(template: Template, bound: str) -> None:
    """From the first receive to the last that tries lies a day, even at the lowest draw.

    The wait after the last receive does not count: at its end SQS moves the message.
    """
    receives = template.parameters["MaxReceiveCount"][bound]
    assert sum(backoff_delay(count, 0.0) for count in range(1, receives)) >= DAY


def test_the_queue_outlasts_the_schedule(template: Template) -> None:
    """Even the slowest schedule is over before the message is too old to be tried."""
    most = template.parameters["MaxReceiveCount"]["MaxValue"]
    slowest = sum(backoff_delay(count, 1.0) for count in range(1, most))
    assert slowest <= _retention(template) - EXPIRY_MARGIN_SECONDS


def test_the_text_of_a_taken_address(template: Template) -> None:
    """The parameter's default is the text that the code knows."""
    assert template.parameters["EmailTakenText"]["Default"] == EMAIL_TAKEN


def test_whoever_is_invited_is_remembered(template: Template) -> None:
    """For longer than a message can be on its way, through both queues."""
    longest = _retention(template) + _retention(template, "DeadLetterQueue")
    remember = template.parameters["RememberDays"]
    assert longest == 21 * DAY
    assert remember["MinValue"] * DAY > longest
    assert remember["Default"] >= remember["MinValue"]


def test_reasons_outlive_their_messages(template: Template) -> None:
    """A message is at most as old as the two queues let it become together."""
    assert _retention(template) + _retention(template, "DeadLetterQueue") < REASON_DAYS * DAY
