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
from aws_lambda_powertools import Metrics

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from aws_adapters.ledger.rate_limit import DynamoRateLimiter
from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rotation import DynamoRotationLock
from aws_adapters.log import make_logger
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
    MAX_JITTER_SECONDS,
    MAX_PARALLEL_CALLS,
    RENEWAL_SECONDS,
    SETTLE_SECONDS,
    TOKEN_LOCK_SECONDS,
    aws_config,
)
from send_invites.token_renewal import RotationRequester, TokenRenewal
from send_invites.token_source import SecretTokens

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Adapters:
    """All that reaches out of the process: to AWS, the API, threads, the clock and randomness."""

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
    """The adapters of a deployed function."""
    api = SpaceMediaApi(settings.api_base_url, MAX_PARALLEL_CALLS, time.monotonic, time.time)
    config = aws_config()
    dynamodb = boto3.client("dynamodb", config=config)
    table = settings.ledger_table_name
    secrets = boto3.client("secretsmanager", config=config)
    # Settling has threads of its own, so calls to the API that hang do not hold it up.
    settling = ThreadPoolExecutor(MAX_PARALLEL_CALLS, thread_name_prefix="settle")
    sqs = boto3.client("sqs", config=config)
    tokens = SecretTokens(secrets, settings.token_secret_id, time.monotonic, time.time)
    rotation = RotationRequester(secrets, settings.token_secret_id, settings.rotation_function_arn)
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
            sleep_jitter=lambda: time.sleep(random.uniform(0, MAX_JITTER_SECONDS)),  # noqa: S311
        ),
        queue=SignupQueue(sqs, settings.signup_queue_url, settling),
        sending=ThreadPoolExecutor(MAX_PARALLEL_CALLS, thread_name_prefix="send"),
        settling=settling,
        clock=Clock(time.time, time.sleep, wait),
        random_fraction=random.random,
        renewal=TokenRenewal(
            tokens,
            DynamoRotationLock(dynamodb, table),
            rotation,
            time.time,
            RENEWAL_SECONDS,
            lock_timeout=TOKEN_LOCK_SECONDS,
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
    """None without a topic; then no client is made, which saves time at the cold start."""
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
    """Make the parts, once in each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong. The next call tries again, and raises again.
        FileError: A file of rules is wrong.
    """
    mute_urllib3()
    settings = Settings.from_environment(os.environ)
    adapters = production_adapters(settings, make_reader(os.environ))
    return assemble(settings, adapters, Telemetry(make_logger(), Metrics()))


def assemble(settings: Settings, adapters: Adapters, telemetry: Telemetry) -> Application:
    """Make the parts of these adapters."""
    parts = adapters.api, adapters.tokens, adapters.claims, adapters.clock.now
    sender = Sender(*parts, call_seconds=Deadlines().total, email_taken=settings.email_taken)
    limits = BatchLimits(MAX_PARALLEL_CALLS, CALL_SECONDS, SETTLE_SECONDS, AWS_CALL_SECONDS)
    dispatcher = Dispatcher(sender, adapters.sending, adapters.rate_limiter, adapters.clock, limits)
    max_age = settings.queue_retention_seconds - EXPIRY_MARGIN_SECONDS
    processor = BatchProcessor(
        adapters.reader,
        dispatcher,
        adapters.ledger,
        adapters.queue,
        executor=adapters.settling,
        retry_limit=RetryLimit(settings.max_receive_count, max_age),
        random_fraction=adapters.random_fraction,
    )
    return Application(
        processor,
        dispatcher.breaker,
        telemetry,
        adapters.api,
        adapters.clock,
        adapters.renewal,
        adapters.publisher,
    )
