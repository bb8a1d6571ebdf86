"""The ports of an execution environment: the deployed adapters, on simulated clients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from aws_adapters.ledger.rate_limit import DynamoRateLimiter
from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rotation import DynamoRotationLock
from invites.clock import Clock
from invites.reading.reader import MessageReader, ParsedMessage
from send_invites.bootstrap import Adapters
from send_invites.metrics import MeteredApi
from send_invites.outcome_topic import OutcomePublisher
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.timeouts import (
    AWS_CALL_SECONDS,
    LINGER_SECONDS,
    MAX_JITTER_SECONDS,
    RENEWAL_SECONDS,
    TOKEN_LOCK_SECONDS,
)
from send_invites.token_renewal import RotationRequester, TokenRenewal
from send_invites.token_source import SecretTokens
from simulation.invariants.invariants import Invariants
from simulation.messages import MessageKind
from simulation.plan import Plan
from simulation.world.api_client import ApiClient
from simulation.world.aws.dynamodb import DynamoDb
from simulation.world.aws.queue import Queue
from simulation.world.aws.secrets_manager import SecretsManager, Sns
from simulation.world.aws.sqs_client import SenderSqsClient
from simulation.world.aws.table import Table
from simulation.world.aws.token_secret import TokenSecret
from simulation.world.lambda_service.environment import Environment
from simulation.world.lambda_service.executor import FOR_EVER, VirtualExecutor, VirtualLock
from simulation.world.space_media import SpaceMedia
from simulation.world.timeline import Timeline
from support.build import READER


@dataclass(frozen=True, slots=True)
class Services:
    """What there is of each, for all environments."""

    time: Timeline
    plan: Plan
    queue: Queue
    api: SpaceMedia
    table: Table
    secret: TokenSecret
    invariants: Invariants
    rotate: Callable[[], None]


class _Reader(MessageReader):
    """The deployed reader, which one of the bodies is the end of."""

    def __init__(self, invariants: Invariants, environment: Environment) -> None:
        super().__init__(READER.registry, READER.rules)
        self._invariants = invariants
        self._environment = environment

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """Read it, or end the function."""
        if self._invariants.posts[body].sort is MessageKind.POISON:
            self._invariants.figures["functions ended by a body"] += 1
            self._environment.die()
        return super().read(body, is_part=is_part)


def simulated_adapters(
    settings: Settings, services: Services, environment: Environment, owners: Iterator[int]
) -> Adapters:
    """As `send_invites.bootstrap.production_ports`, part by part."""
    now, draw = services.time.now, services.plan.random.random
    crew = VirtualExecutor(services.time, environment, services.plan)
    dynamodb = cast("Any", DynamoDb(services.table, environment))
    secrets = cast(
        "Any", SecretsManager(services.secret, services.plan, environment, services.rotate)
    )
    table, api = settings.ledger_table_name, MeteredApi(ApiClient(services.api, environment), now)
    lock = VirtualLock(services.time, environment)
    tokens = SecretTokens(secrets, settings.token_secret_id, now, now, lock)
    rotation = RotationRequester(secrets, settings.token_secret_id, settings.rotation_function_arn)
    rotations = DynamoRotationLock(dynamodb, table)
    return Adapters(
        reader=_Reader(services.invariants, environment),
        api=api,
        tokens=tokens,
        claims=BatchedClaims(
            DynamoClaims(
                dynamodb,
                table,
                ClaimRows(
                    settings.api_base_url,
                    keep_seconds=settings.remember_days * 24 * 3600,
                    now=now,
                    new_owner=lambda: str(next(owners)),
                ),
            ),
            cast("Any", DynamoDb(services.table, environment, tries=1)),
            table,
            lambda: environment.sleep(LINGER_SECONDS),
            lambda futures: crew.wait(futures, FOR_EVER),
        ),
        ledger=DynamoReasonStore(dynamodb, table, now),
        rate_limiter=DynamoRateLimiter(
            dynamodb,
            table,
            settings.max_invites_per_minute,
            random_fraction=draw,
            sleep_jitter=lambda: environment.sleep(draw() * MAX_JITTER_SECONDS),
        ),
        queue=SignupQueue(
            cast("Any", SenderSqsClient(services.queue, environment)),
            settings.signup_queue_url,
            crew,
        ),
        sending=crew,
        settling=crew,
        clock=Clock(now, environment.sleep, crew.wait),
        random_fraction=draw,
        renewal=TokenRenewal(
            tokens, rotations, rotation, now, RENEWAL_SECONDS, lock_timeout=TOKEN_LOCK_SECONDS
        ),
        publisher=OutcomePublisher(
            cast("Any", Sns(services.plan, environment)),
            settings.outcome_topic_arn,
            crew,
            AWS_CALL_SECONDS,
        ),
    )
