"""The ports of an execution environment: the deployed adapters, on simulated clients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from aws_adapters.ledger.rate_limit import DynamoRateLimiter
from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rotation import DynamoRotationLock
from faults.model.timeline import Timeline
from faults.seeded.api_client import ApiClient
from faults.seeded.crew import FOR_EVER, Crew, CrewLock
from faults.seeded.dynamodb import DynamoDb
from faults.seeded.environments import Environment
from faults.seeded.judge import Judge
from faults.seeded.plan import Plan
from faults.seeded.posts import Sort
from faults.seeded.queue import Queue
from faults.seeded.secret import TokenSecret
from faults.seeded.secrets import SecretsManager, Sns
from faults.seeded.space_media import SpaceMedia
from faults.seeded.sqs_client import SqsClient
from faults.seeded.table import Table
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
    judge: Judge
    rotate: Callable[[], None]


class _Reader(MessageReader):
    """The deployed reader, which one of the bodies is the end of."""

    def __init__(self, judge: Judge, environment: Environment) -> None:
        super().__init__(READER.registry, READER.rules)
        self._judge = judge
        self._environment = environment

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """Read it, or end the function."""
        if self._judge.posts[body].sort is Sort.POISON:
            self._judge.figures["functions ended by a body"] += 1
            self._environment.die()
        return super().read(body, is_part=is_part)


def simulated_ports(
    settings: Settings, services: Services, environment: Environment, owners: Iterator[int]
) -> Adapters:
    """As `send_invites.bootstrap.production_ports`, part by part."""
    now, draw = services.time.now, services.plan.random.random
    crew = Crew(services.time, environment, services.plan)
    dynamodb = cast("Any", DynamoDb(services.table, environment))
    secrets = cast(
        "Any", SecretsManager(services.secret, services.plan, environment, services.rotate)
    )
    table, api = settings.ledger_table_name, MeteredApi(ApiClient(services.api, environment), now)
    lock = CrewLock(services.time, environment)
    tokens = SecretTokens(secrets, settings.token_secret_id, now, now, lock)
    rotation = RotationRequester(secrets, settings.token_secret_id, settings.rotation_function_arn)
    rotations = DynamoRotationLock(dynamodb, table)
    return Adapters(
        reader=_Reader(services.judge, environment),
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
            cast("Any", SqsClient(services.queue, environment)), settings.signup_queue_url, crew
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
