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
from dead_letters.tools import TriageDeps
from invites.clock import Clock
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.settings import Settings
from triage_dead_letters.sqs import SqsDeadLetterQueue, SqsSignupQueue
from triage_dead_letters.timeouts import THREADS, aws_config
from triage_dead_letters.view import View

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def viewing() -> View:
    """The parts of view, once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong; made anew, and told again, next time.
    """
    settings = Settings.from_environment(os.environ)
    executor = _executor()
    return View(
        _queue(settings, executor),
        _reads(settings, executor),
        RulesExplainer(make_reader(os.environ)),
        executor,
        _clock(),
        settings.retention_seconds,
    )


@cache
def act_function_arn() -> str:
    """What the console's buttons call; raises SettingsError."""
    return Settings.from_environment(os.environ).act_function_arn


@cache
def acting() -> TriageDeps:
    """The parts of act, once for each execution environment; raises SettingsError."""
    settings = Settings.from_environment(os.environ).for_act()
    executor = _executor()
    dynamodb, table = _dynamodb(), settings.ledger_table_name
    sqs = boto3.client("sqs", config=aws_config(tries=1))
    return TriageDeps(
        queue=_queue(settings, executor),
        reader=_reads(settings, executor),
        writer=DynamoDeadLetterWriter(dynamodb, table, time.time, lambda: str(uuid.uuid4())),
        signups=SqsSignupQueue(sqs, settings.signup_queue_url, executor),
        claims=DynamoForgetClaim(dynamodb, table, settings.api_base_url),
        explainer=RulesExplainer(make_reader(os.environ)),
        executor=executor,
        clock=_clock(),
    )


def _executor() -> Executor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="triage")


def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=aws_config())


def _queue(settings: Settings, executor: Executor) -> SqsDeadLetterQueue:
    sqs = boto3.client("sqs", config=aws_config())
    return SqsDeadLetterQueue(sqs, settings.dead_letter_queue_url, executor)


def _reads(settings: Settings, executor: Executor) -> DynamoDeadLetterReader:
    table, retention = settings.ledger_table_name, settings.retention_seconds
    return DynamoDeadLetterReader(_dynamodb(), table, executor, time.time, retention)


def _clock() -> Clock:
    return Clock(time.time, time.sleep, wait)
