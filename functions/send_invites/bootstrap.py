"""The composition root: the only place that reads the environment and makes the parts."""

import os
import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import boto3
from aws_lambda_powertools import Logger, Metrics

from invites.api import Deadlines, SpaceMediaApi
from invites.batch import BatchProcessor
from invites.breaker import Breaker
from invites.claim import Claims
from invites.clock import Bounds, Clock
from invites.courier import Courier
from invites.exhaustion import Patience
from invites.invite import InviteRules
from invites.pace import Pace
from invites.reasons import Ledger
from invites.sending import InviteApi, Sender, Tokens
from send_invites.asking import SecretRotation
from send_invites.aws_config import aws_config
from send_invites.budget import (
    CALL_SECONDS,
    EXPIRY_MARGIN_SECONDS,
    SETTLE_SECONDS,
    SIDE_BY_SIDE,
    STEP_BACK_SECONDS,
    UPKEEP_SECONDS,
)
from send_invites.claims import DynamoClaims
from send_invites.ledger import DynamoLedger
from send_invites.pacing import DynamoPace
from send_invites.rotations import DynamoRotations
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.telemetry import Telemetry
from send_invites.tokens import SecretTokens
from send_invites.upkeep import TokenUpkeep


@dataclass(frozen=True, slots=True)
class Ports:
    """What reaches out of the process: to AWS, to the API, to the clock and to chance."""

    api: InviteApi
    tokens: Tokens
    claims: Claims
    ledger: Ledger
    pace: Pace
    queue: SignupQueue
    sending: Executor
    settling: Executor
    clock: Clock
    draw: Callable[[], float]
    upkeep: TokenUpkeep | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that the handler calls."""

    processor: BatchProcessor
    breaker: Breaker
    queue: SignupQueue
    telemetry: Telemetry
    clock: Clock
    upkeep: TokenUpkeep | None


@cache
def application() -> Application:
    """Make the parts, once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong; made anew, and told again, next time.
    """
    settings = Settings.from_environment(os.environ)
    return assemble(settings, production_ports(settings), Telemetry(Logger(), Metrics()))


def assemble(settings: Settings, ports: Ports, telemetry: Telemetry) -> Application:
    """Put the parts together."""
    sender = Sender(
        ports.api,
        ports.tokens,
        ports.claims,
        ports.clock.now,
        call_seconds=Deadlines().total,
        email_taken=settings.email_taken,
    )
    bounds = Bounds(SIDE_BY_SIDE, CALL_SECONDS, SETTLE_SECONDS)
    courier = Courier(sender, ports.sending, ports.pace, ports.clock, bounds)
    oldest = settings.queue_retention_seconds - EXPIRY_MARGIN_SECONDS
    processor = BatchProcessor(
        InviteRules(settings.default_roles, settings.allowed_domains),
        courier,
        ports.ledger,
        ports.queue,
        executor=ports.settling,
        patience=Patience(settings.max_receive_count, oldest),
        draw=ports.draw,
    )
    parts = (processor, courier.breaker, ports.queue, telemetry)
    return Application(*parts, ports.clock, ports.upkeep)


def production_ports(settings: Settings) -> Ports:
    """The real ones."""
    config = aws_config()
    dynamodb = boto3.client("dynamodb", config=config)
    table = settings.ledger_table_name
    secrets = boto3.client("secretsmanager", config=config)
    # Threads of their own: were the others to hang, what is done could still be written down.
    settling = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="settle")
    sqs = boto3.client("sqs", config=config)
    tokens = SecretTokens(secrets, settings.token_secret_id, time.monotonic, time.time)
    rotation = SecretRotation(secrets, settings.token_secret_id, settings.rotation_function_arn)
    return Ports(
        api=SpaceMediaApi(settings.api_base_url, SIDE_BY_SIDE, time.monotonic),
        tokens=tokens,
        claims=DynamoClaims(
            dynamodb,
            table,
            settings.api_base_url,
            keep_seconds=settings.remember_days * 24 * 3600,
            now=time.time,
            new_owner=lambda: str(uuid.uuid4()),
        ),
        ledger=DynamoLedger(dynamodb, table, time.time),
        pace=DynamoPace(
            dynamodb,
            table,
            settings.max_invites_per_minute,
            draw=random.random,
            step_back=lambda: time.sleep(random.uniform(0, STEP_BACK_SECONDS)),  # noqa: S311
        ),
        queue=SignupQueue(sqs, settings.signup_queue_url, settling),
        sending=ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="send"),
        settling=settling,
        clock=Clock(time.time, time.sleep),
        draw=random.random,
        upkeep=TokenUpkeep(
            tokens, DynamoRotations(dynamodb, table), rotation, time.time, UPKEEP_SECONDS
        ),
    )
