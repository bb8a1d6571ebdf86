"""The triage's tools in an environment: the deployed adapters, on simulated clients."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aws_adapters.ledger.dead_letter_reads import DynamoDeadLetterReader
from aws_adapters.ledger.dead_letter_writes import DynamoDeadLetterWriter
from aws_adapters.ledger.forget_claim import DynamoForgetClaim
from dead_letters.ports import TriageDeps
from invites.clock import Clock
from simulation.world.aws.dynamodb import DynamoDb
from simulation.world.aws.sqs_clients import TriageSqsClient
from simulation.world.faulty_world import FaultyWorld
from simulation.world.lambda_service.environment import Environment
from simulation.world.lambda_service.executor import VirtualExecutor
from support.build import READER
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.sqs import SqsDeadLetterQueue, SqsSignupQueue

if TYPE_CHECKING:
    from simulation.world.aws.queue import Queue

# AWS's clients of the triage: but for the one that sends, which makes each call once.
TRIES = 2
# Amazon SQS: the longest that a queue keeps a message, as the template has it for letters.
RETENTION = 14 * 24 * 3600
EXPLAINER = RulesExplainer(READER)


def simulated_triage(
    world: FaultyWorld, environment: Environment, tokens: Iterator[int]
) -> TriageDeps:
    """As `triage_dead_letters.bootstrap.make_triage_deps`, part by part."""
    time, table = world.time, world.settings.ledger_table_name
    executor = VirtualExecutor(time, environment, world.plan)
    dynamodb: Any = DynamoDb(world.table, environment, TRIES)
    return TriageDeps(
        queue=SqsDeadLetterQueue(_sqs(world.queue, environment, TRIES), "", executor),
        reader=DynamoDeadLetterReader(dynamodb, table, executor, time.now, RETENTION),
        writer=DynamoDeadLetterWriter(dynamodb, table, time.now, lambda: f"token-{next(tokens)}"),
        signup_queue=SqsSignupQueue(_sqs(world.queue, environment, 1), "", executor),
        forget_claim=DynamoForgetClaim(dynamodb, table, world.settings.api_base_url),
        explainer=EXPLAINER,
        executor=executor,
        clock=Clock(time.now, environment.sleep, executor.wait),
    )


def _sqs(queue: "Queue", environment: Environment, tries: int) -> Any:  # noqa: ANN401 - as boto3's
    return TriageSqsClient(queue, environment, tries)
