"""What an execution environment is made of: the deployed adapters, on simulated clients."""

from collections.abc import Iterator
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any, cast

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from aws_adapters.ledger.rate_limit import DynamoRateLimiter
from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rotation import DynamoRotationLock
from invites.clock import Clock
from send_invites.bootstrap import Adapters
from send_invites.metrics import MeteredApi
from send_invites.outcome_topic import OutcomePublisher
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
from simulation.world.api_client import ApiClient
from simulation.world.aws.dynamodb import DynamoDb
from simulation.world.aws.secrets_manager import SecretsManager, Sns
from simulation.world.aws.sqs_clients import SenderSqsClient
from simulation.world.lambda_service.crashing_environment import CrashingEnvironment
from simulation.world.lambda_service.environment import Environment
from simulation.world.lambda_service.executor import FOR_EVER, VirtualExecutor, VirtualLock
from simulation.world.world import RememberingReader
from support.build import InlineExecutor

if TYPE_CHECKING:
    from simulation.world.fast_world import FastWorld
    from simulation.world.faulty_world import FaultyWorld


def simulated_adapters(
    world: "FaultyWorld", environment: CrashingEnvironment, owners: Iterator[int]
) -> Adapters:
    """As `send_invites.bootstrap.production_adapters`, part by part."""
    settings, now, draw = world.settings, world.time.now, world.plan.random.random
    executor = VirtualExecutor(world.time, environment, world.plan)
    dynamodb = cast("Any", DynamoDb(world.table, environment))
    secrets = cast("Any", SecretsManager(world.secret, world.plan, environment))
    table, api = settings.ledger_table_name, MeteredApi(ApiClient(world.api, environment), now)
    lock = VirtualLock(world.time, environment)
    tokens = SecretTokens(secrets, settings.token_secret_id, now, now, lock)
    rotation = RotationRequester(secrets, settings.token_secret_id, settings.rotation_function_arn)
    rotations = DynamoRotationLock(dynamodb, table)
    return Adapters(
        reader=RememberingReader(lambda body: _read_poison(world, environment, body)),
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
            cast("Any", DynamoDb(world.table, environment, tries=1)),
            table,
            lambda: environment.sleep(LINGER_SECONDS),
            lambda futures: executor.wait(futures, FOR_EVER),
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
            cast("Any", SenderSqsClient(world.queue, environment)),
            settings.signup_queue_url,
            executor,
        ),
        sending=executor,
        settling=executor,
        clock=Clock(now, environment.sleep, executor.wait),
        random_fraction=draw,
        renewal=TokenRenewal(
            tokens, rotations, rotation, now, RENEWAL_SECONDS, lock_timeout=TOKEN_LOCK_SECONDS
        ),
        publisher=OutcomePublisher(
            cast("Any", Sns(world.plan, environment)),
            settings.outcome_topic_arn,
            executor,
            AWS_CALL_SECONDS,
        ),
    )


def memory_adapters(world: "FastWorld", environment: Environment) -> Adapters:
    """As above, with the ledger in memory and one task after the other."""
    settings, now, executor = world.settings, world.time.now, InlineExecutor()
    secrets = cast("Any", SecretsManager(world.secret, world.plan, environment))
    return Adapters(
        reader=world.reader,
        api=MeteredApi(ApiClient(world.api, environment), now),
        tokens=SecretTokens(secrets, settings.token_secret_id, now, now),
        claims=world.claims,
        ledger=world.ledger,
        rate_limiter=world.rate_limiter,
        queue=SignupQueue(
            cast("Any", SenderSqsClient(world.queue, environment)),
            settings.signup_queue_url,
            executor,
        ),
        sending=executor,
        settling=executor,
        clock=Clock(now, environment.sleep, wait),
        random_fraction=lambda: world.random_fraction,
    )


def _read_poison(world: "FaultyWorld", environment: CrashingEnvironment, body: str) -> None:
    """A body that ends the function ends it here."""
    if body in world.poison:
        world.observer.figures["functions ended by a body"] += 1
        environment.die()
