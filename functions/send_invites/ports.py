"""What reaches out of the process, and the real ones of production."""

import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3

from invites.api import SpaceMediaApi
from invites.claim import Claims
from invites.clock import Clock
from invites.pace import Pace
from invites.reading import Reader
from invites.reasons import Ledger
from invites.token import Tokens
from send_invites.announcing import OutcomeTopic
from send_invites.asking import SecretRotation
from send_invites.aws_config import aws_config
from send_invites.batched_claims import BatchedClaims
from send_invites.budget import (
    AWS_CALL_SECONDS,
    GATHER_SECONDS,
    SIDE_BY_SIDE,
    STEP_BACK_SECONDS,
    TOKEN_WAIT_SECONDS,
    UPKEEP_SECONDS,
)
from send_invites.claim_rows import ClaimRows
from send_invites.claims import DynamoClaims
from send_invites.ledger import DynamoLedger
from send_invites.metering import MeteredApi
from send_invites.pacing import DynamoPace
from send_invites.rotations import DynamoRotations
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.tokens import SecretTokens
from send_invites.upkeep import TokenUpkeep

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Ports:
    """What reaches out of the process: to AWS, to the API, to the clock and to chance."""

    reader: Reader
    api: MeteredApi
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
    announcer: OutcomeTopic | None = None


def production_ports(settings: Settings, reader: Reader) -> Ports:
    """The real ones."""
    api = SpaceMediaApi(settings.api_base_url, SIDE_BY_SIDE, time.monotonic, time.time)
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
        reader=reader,
        api=MeteredApi(api, time.monotonic),
        tokens=tokens,
        claims=_claims(settings, dynamodb),
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
        clock=Clock(time.time, time.sleep, wait),
        draw=random.random,
        upkeep=TokenUpkeep(
            tokens,
            DynamoRotations(dynamodb, table),
            rotation,
            time.time,
            UPKEEP_SECONDS,
            patience=TOKEN_WAIT_SECONDS,
        ),
        announcer=_announcer(settings, settling),
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
    return BatchedClaims(claims, once, table, lambda: time.sleep(GATHER_SECONDS))


def _announcer(settings: Settings, executor: Executor) -> OutcomeTopic | None:
    """None where nobody wants to know; then there is no client to make, either."""
    if not settings.outcome_topic_arn:
        return None
    client = boto3.client("sns", config=aws_config())
    return OutcomeTopic(client, settings.outcome_topic_arn, executor, AWS_CALL_SECONDS)
