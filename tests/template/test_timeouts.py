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
MAX_VISIBILITY = 12 * HOUR
# botocore, standard retry mode: the wait before the second try is drawn from 0 to this.
INITIAL_BACKOFF = 1


def _function(template: Template, name: str) -> Any:  # noqa: ANN401 - a piece of the template
    return template.properties("SendInvitesFunction")[name]


def _variables(template: Template) -> dict[str, Any]:
    variables: dict[str, Any] = _function(template, "Environment")["Variables"]
    return variables


def _retention(template: Template, queue: str = "SignupQueue") -> int:
    return int(template.properties(queue)["MessageRetentionPeriod"])


def test_timeout_leaves_a_minute_for_waiting(template: Template) -> None:
    """The API's throttle may ask for as much, besides the slowest call and its settling."""
    assert _function(template, "Timeout") - CALL_SECONDS - SETTLE_SECONDS >= MINUTE


def test_slowest_call_and_settling_are_reckoned_with() -> None:
    """Token, claim and token anew, two calls; then the claim's end, the reason, visibility.

    A claim, and its end, may be tried in a batch before it is tried alone.
    """
    batched = BATCH_CALL_SECONDS
    assert batched + 3 * AWS_CALL_SECONDS + 2 * Deadlines().total <= CALL_SECONDS
    assert batched + 3 * AWS_CALL_SECONDS <= SETTLE_SECONDS
    assert Deadlines().total >= Deadlines().connect + Deadlines().read


def test_call_after_the_slowest_token_and_claim_ends_before_its_claim() -> None:
    at_latest = BATCH_CALL_SECONDS + 2 * AWS_CALL_SECONDS
    assert CALL_SECONDS + SETTLE_SECONDS - at_latest >= WORK_SECONDS


def test_clients_of_aws_give_up_in_the_time_that_is_reckoned_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clients that production makes."""
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
        assert tries * one_try + (tries - 1) * INITIAL_BACKOFF <= AWS_CALL_SECONDS
        assert config.max_pool_connections >= MAX_PARALLEL_CALLS


def test_idle_time_of_a_connection_is_counted_by_the_wall_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It goes on while Lambda has frozen the environment."""
    for name, value in {**ENVIRONMENT, "CREDENTIALS_SECRET_ID": "credentials"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    invites = vars(production_adapters(Settings.from_environment(ENVIRONMENT), READER).api)["_api"]
    tokens = vars(rotation.__wrapped__().rotation)["_api"]
    for api in (invites, tokens):
        assert vars(vars(api)["_transport"])["_now"] is time.time


def test_largest_batch_is_sent_in_parallel(template: Template) -> None:
    """Otherwise its last people would have no time left."""
    assert template.parameters["BatchSize"]["MaxValue"] <= MAX_PARALLEL_CALLS


def test_function_has_the_retention_and_receive_count_of_its_queue(template: Template) -> None:
    variables, queue = _variables(template), template.properties("SignupQueue")
    assert int(variables["QUEUE_RETENTION_SECONDS"]) == _retention(template)
    assert variables["MAX_RECEIVE_COUNT"] == queue["RedrivePolicy"]["maxReceiveCount"]


def test_function_has_each_variable_that_it_reads_and_no_other(template: Template) -> None:
    given = dict.fromkeys(_variables(template), "1") | {"API_BASE_URL": "https://api.example.test"}
    Settings.from_environment(given)
    make_reader(given)
    assert given.keys() == ENVIRONMENT.keys() | {"ROTATION_FUNCTION_ARN", "OUTCOME_TOPIC_ARN"}
    assert len(SETTINGS) + 2 == len(Settings.__dataclass_fields__)


def test_message_hidden_before_the_margin_is_received_before_it_expires(template: Template) -> None:
    visibility = template.properties("SignupQueue")["VisibilityTimeout"]
    assert (
        max(MAX_HIDE_SECONDS, visibility) + _function(template, "Timeout") < EXPIRY_MARGIN_SECONDS
    )
    assert _retention(template) > 2 * EXPIRY_MARGIN_SECONDS


def test_longest_hiding_fits_into_the_12_hours_of_sqs(template: Template) -> None:
    """SQS counts from the receive, and the function runs for a while before it hides a message."""
    window = _function(template, "Events")["SignupMessages"]["Properties"]
    elapsed = _function(template, "Timeout") + window["MaximumBatchingWindowInSeconds"]
    assert MAX_HIDE_SECONDS + elapsed <= MAX_VISIBILITY


def test_backoff_is_short_for_a_blip_and_never_longer_than_three_hours() -> None:
    waits = [backoff_delay(receives, 1.0) for receives in range(1, 30)]
    assert waits[0] <= MINUTE / 2
    assert max(waits) <= 3 * HOUR
    assert all(later >= earlier for earlier, later in pairwise(waits))


@pytest.mark.parametrize("bound", ["MinValue", "Default"])
def test_tries_last_for_a_day_even_with_the_lowest_jitter(template: Template, bound: str) -> None:
    """From the first receive to the last that tries lies a day, even at the lowest draw.

    The wait after the last receive does not count: at its end SQS moves the message.
    """
    receives = template.parameters["MaxReceiveCount"][bound]
    assert sum(backoff_delay(count, 0.0) for count in range(1, receives)) >= DAY


def test_slowest_tries_end_before_the_message_is_too_old(template: Template) -> None:
    max_receives = template.parameters["MaxReceiveCount"]["MaxValue"]
    slowest = sum(backoff_delay(count, 1.0) for count in range(1, max_receives))
    assert slowest <= _retention(template) - EXPIRY_MARGIN_SECONDS


def test_default_of_the_parameter_is_the_text_that_the_code_knows(template: Template) -> None:
    assert template.parameters["EmailTakenText"]["Default"] == EMAIL_TAKEN


def test_ledger_remembers_people_for_longer_than_a_message_exists(template: Template) -> None:
    """Through both queues."""
    longest = _retention(template) + _retention(template, "DeadLetterQueue")
    remember = template.parameters["RememberDays"]
    assert longest == 21 * DAY
    assert remember["MinValue"] * DAY > longest
    assert remember["Default"] >= remember["MinValue"]


def test_reasons_outlive_their_messages(template: Template) -> None:
    """A message is at most as old as its two queues keep it together."""
    assert _retention(template) + _retention(template, "DeadLetterQueue") < REASON_DAYS * DAY
