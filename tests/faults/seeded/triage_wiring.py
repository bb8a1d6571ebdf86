"""The triage's tools in an environment: the deployed adapters, on simulated clients."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aws_adapters.ledger.dead_letter_reads import DynamoDeadLetterReader
from aws_adapters.ledger.dead_letter_writes import DynamoDeadLetterWriter
from aws_adapters.ledger.forget_claim import DynamoForgetClaim
from dead_letters.ports import TriageDeps
from faults.seeded.crew import Crew
from faults.seeded.dynamodb import DynamoDb
from faults.seeded.environments import Environment
from faults.seeded.letters_client import LettersClient
from faults.seeded.wiring import Services
from invites.clock import Clock
from send_invites.settings import Settings
from support.build import READER
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.sqs import SqsDeadLetterQueue, SqsSignupQueue

if TYPE_CHECKING:
    from faults.seeded.queue import Queue

# AWS's clients of the triage: but for the one that sends, which makes each call once.
TRIES = 2
# Amazon SQS: the longest that a queue keeps a message, as the template has it for letters.
RETENTION = 14 * 24 * 3600
EXPLAINER = RulesExplainer(READER)


def simulated_tools(
    settings: Settings, services: Services, environment: Environment, tokens: Iterator[int]
) -> TriageDeps:
    """As `triage_dead_letters.bootstrap.make_triage_deps`, part by part."""
    time, table = services.time, settings.ledger_table_name
    crew = Crew(time, environment, services.plan)
    dynamodb: Any = DynamoDb(services.table, environment, TRIES)
    return TriageDeps(
        queue=SqsDeadLetterQueue(_sqs(services.queue, environment, TRIES), "", crew),
        reader=DynamoDeadLetterReader(dynamodb, table, crew, time.now, RETENTION),
        writer=DynamoDeadLetterWriter(dynamodb, table, time.now, lambda: f"token-{next(tokens)}"),
        signup_queue=SqsSignupQueue(_sqs(services.queue, environment, 1), "", crew),
        forget_claim=DynamoForgetClaim(dynamodb, table, settings.api_base_url),
        explainer=EXPLAINER,
        executor=crew,
        clock=Clock(time.now, environment.sleep, crew.wait),
    )


def _sqs(queue: "Queue", environment: Environment, tries: int) -> Any:  # noqa: ANN401 - as boto3's
    return LettersClient(queue, environment, tries)
