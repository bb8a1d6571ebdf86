"""The composition root: the only place that reads the environment and makes the parts."""

import os
import time
import uuid
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING

import boto3

from aws_adapters.ledger.dead_letter_reads import DynamoDeadLetterReader
from aws_adapters.ledger.dead_letter_writes import DynamoDeadLetterWriter
from aws_adapters.ledger.forget_claim import DynamoForgetClaim
from aws_adapters.message_reader import make_reader
from dead_letters.ports import TriageDeps
from invites.clock import Clock
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.settings import Settings
from triage_dead_letters.sqs import SqsDeadLetterQueue, SqsSignupQueue
from triage_dead_letters.timeouts import THREADS, aws_config
from triage_dead_letters.view import View

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def make_view() -> View:
    """The parts of view, made once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong. Nothing is cached, so the next invocation
            tries again and reports it again.
    """
    settings = Settings.from_environment(os.environ)
    executor = _executor()
    return View(
        queue=_dead_letter_queue(settings, executor),
        reader=_ledger_reader(settings, executor),
        explainer=RulesExplainer(make_reader(os.environ)),
        executor=executor,
        clock=_clock(),
        retention=settings.retention_seconds,
    )


@cache
def act_function_arn() -> str:
    """The function that the console's buttons call; raises SettingsError."""
    return Settings.from_environment(os.environ).act_function_arn


@cache
def make_triage_deps() -> TriageDeps:
    """The parts of act, made once for each execution environment; raises SettingsError."""
    settings = Settings.from_environment(os.environ).for_act()
    executor = _executor()
    dynamodb, table = _dynamodb(), settings.ledger_table_name
    sqs = boto3.client("sqs", config=aws_config(tries=1))
    return TriageDeps(
        queue=_dead_letter_queue(settings, executor),
        reader=_ledger_reader(settings, executor),
        writer=DynamoDeadLetterWriter(dynamodb, table, time.time, lambda: str(uuid.uuid4())),
        signup_queue=SqsSignupQueue(sqs, settings.signup_queue_url, executor),
        forget_claim=DynamoForgetClaim(dynamodb, table, settings.api_base_url),
        explainer=RulesExplainer(make_reader(os.environ)),
        executor=executor,
        clock=_clock(),
    )


def _executor() -> Executor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="triage")


def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=aws_config())


def _dead_letter_queue(settings: Settings, executor: Executor) -> SqsDeadLetterQueue:
    sqs = boto3.client("sqs", config=aws_config())
    return SqsDeadLetterQueue(sqs, settings.dead_letter_queue_url, executor)


def _ledger_reader(settings: Settings, executor: Executor) -> DynamoDeadLetterReader:
    table, retention = settings.ledger_table_name, settings.retention_seconds
    return DynamoDeadLetterReader(_dynamodb(), table, executor, time.time, retention)


def _clock() -> Clock:
    return Clock(time.time, time.sleep, wait)
