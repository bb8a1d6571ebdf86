"""The composition root: the only place that reads the environment and makes the parts."""

import os
import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools import Logger, Metrics

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from aws_adapters.ledger.rate_limit import DynamoRateLimiter
from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rotation import DynamoRotations
from aws_adapters.message_reader import make_reader
from invites.api.client import Deadlines, SpaceMediaApi
from invites.api.transport import mute_urllib3
from invites.batch import BatchProcessor, ReasonStore
from invites.clock import BatchLimits, Clock
from invites.reading.reader import MessageReader
from invites.retry import RetryLimit
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.claim import Claims
from invites.sending.dispatcher import Dispatcher
from invites.sending.rate_limit import RateLimiter
from invites.sending.sender import Sender
from invites.token import Tokens
from send_invites.metrics import MeteredApi
from send_invites.outcome_topic import OutcomePublisher
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.telemetry import Telemetry
from send_invites.timeouts import (
    AWS_CALL_SECONDS,
    CALL_SECONDS,
    EXPIRY_MARGIN_SECONDS,
    LINGER_SECONDS,
    MAX_PARALLEL_CALLS,
    RENEWAL_SECONDS,
    SETTLE_SECONDS,
    STEP_BACK_SECONDS,
    TOKEN_WAIT_SECONDS,
    aws_config,
)
from send_invites.token_renewal import SecretRotation, TokenRenewal
from send_invites.token_source import SecretTokens

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Adapters:
    """What reaches out of the process: to AWS, to the API, to the clock and to chance."""

    reader: MessageReader
    api: MeteredApi
    tokens: Tokens
    claims: Claims
    ledger: ReasonStore
    rate_limiter: RateLimiter
    queue: SignupQueue
    sending: Executor
    settling: Executor
    clock: Clock
    random_fraction: Callable[[], float]
    renewal: TokenRenewal | None = None
    publisher: OutcomePublisher | None = None


def production_adapters(settings: Settings, reader: MessageReader) -> Adapters:
    """The real ones."""
    api = SpaceMediaApi(settings.api_base_url, MAX_PARALLEL_CALLS, time.monotonic, time.time)
    config = aws_config()
    dynamodb = boto3.client("dynamodb", config=config)
    table = settings.ledger_table_name
    secrets = boto3.client("secretsmanager", config=config)
    # Threads of their own: were the others to hang, what is done could still be written down.
    settling = ThreadPoolExecutor(MAX_PARALLEL_CALLS, thread_name_prefix="settle")
    sqs = boto3.client("sqs", config=config)
    tokens = SecretTokens(secrets, settings.token_secret_id, time.monotonic, time.time)
    rotation = SecretRotation(secrets, settings.token_secret_id, settings.rotation_function_arn)
    return Adapters(
        reader=reader,
        api=MeteredApi(api, time.monotonic),
        tokens=tokens,
        claims=_claims(settings, dynamodb),
        ledger=DynamoReasonStore(dynamodb, table, time.time),
        rate_limiter=DynamoRateLimiter(
            dynamodb,
            table,
            settings.max_invites_per_minute,
            random_fraction=random.random,
            step_back=lambda: time.sleep(random.uniform(0, STEP_BACK_SECONDS)),  # noqa: S311
        ),
        queue=SignupQueue(sqs, settings.signup_queue_url, settling),
        sending=ThreadPoolExecutor(MAX_PARALLEL_CALLS, thread_name_prefix="send"),
        settling=settling,
        clock=Clock(time.time, time.sleep, wait),
        random_fraction=random.random,
        renewal=TokenRenewal(
            tokens,
            DynamoRotations(dynamodb, table),
            rotation,
            time.time,
            RENEWAL_SECONDS,
            patience=TOKEN_WAIT_SECONDS,
        ),
        publisher=_publisher(settings, settling),
    )


def _claims(settings: Settings, client: "DynamoDBClient") -> BatchedClaims:
    table = settings.ledger_table_name
    rows = ClaimRows(
        settings.api_base_url,
        keep_seconds=settings.remember_days * 24 * 3600,
        now=time.time,
        new_owner=lambda: str(uuid.uuid4()),
    )
    once = boto3.client("dynamodb", config=aws_config(tries=1))
    claims = DynamoClaims(client, table, rows)
    return BatchedClaims(claims, once, table, lambda: time.sleep(LINGER_SECONDS))


def _publisher(settings: Settings, executor: Executor) -> OutcomePublisher | None:
    """None where nobody wants to know; then there is no client to make, either."""
    if not settings.outcome_topic_arn:
        return None
    client = boto3.client("sns", config=aws_config())
    return OutcomePublisher(client, settings.outcome_topic_arn, executor, AWS_CALL_SECONDS)


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that the handler calls."""

    processor: BatchProcessor
    breaker: CircuitBreaker
    telemetry: Telemetry
    calls: MeteredApi
    clock: Clock
    renewal: TokenRenewal | None
    publisher: OutcomePublisher | None


@cache
def application() -> Application:
    """Make the parts, once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong; made anew, and told again, next time.
        FileError: A file of rules is wrong.
    """
    mute_urllib3()
    settings = Settings.from_environment(os.environ)
    ports = production_adapters(settings, make_reader(os.environ))
    return assemble(settings, ports, Telemetry(Logger(), Metrics()))


def assemble(settings: Settings, ports: Adapters, telemetry: Telemetry) -> Application:
    """Put the parts together."""
    parts = ports.api, ports.tokens, ports.claims, ports.clock.now
    sender = Sender(*parts, call_seconds=Deadlines().total, email_taken=settings.email_taken)
    bounds = BatchLimits(MAX_PARALLEL_CALLS, CALL_SECONDS, SETTLE_SECONDS, AWS_CALL_SECONDS)
    courier = Dispatcher(sender, ports.sending, ports.rate_limiter, ports.clock, bounds)
    oldest = settings.queue_retention_seconds - EXPIRY_MARGIN_SECONDS
    processor = BatchProcessor(
        ports.reader,
        courier,
        ports.ledger,
        ports.queue,
        executor=ports.settling,
        retry_limit=RetryLimit(settings.max_receive_count, oldest),
        random_fraction=ports.random_fraction,
    )
    return Application(
        processor,
        courier.breaker,
        telemetry,
        ports.api,
        ports.clock,
        ports.renewal,
        ports.publisher,
    )
