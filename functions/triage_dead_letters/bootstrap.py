"""The composition root: the only place that reads the environment and makes the parts."""

import os
import time
import uuid
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING

import boto3

from aws_adapters.ledger.dead_letter_reads import DynamoReads
from aws_adapters.ledger.dead_letter_writes import DynamoNotes
from aws_adapters.ledger.forget_claim import DynamoClaimsForgotten
from aws_adapters.message_reader import make_reader
from dead_letters.tools import Tools
from invites.clock import Clock
from triage_dead_letters.explainer import Explaining
from triage_dead_letters.settings import Settings
from triage_dead_letters.sqs import SqsDeadLetters, SqsSignups
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
        Explaining(make_reader(os.environ)),
        executor,
        _clock(),
        settings.retention_seconds,
    )


@cache
def act_function_arn() -> str:
    """What the console's buttons call; raises SettingsError."""
    return Settings.from_environment(os.environ).act_function_arn


@cache
def acting() -> Tools:
    """The parts of act, once for each execution environment; raises SettingsError."""
    settings = Settings.from_environment(os.environ).for_act()
    executor = _executor()
    dynamodb, table = _dynamodb(), settings.ledger_table_name
    sqs = boto3.client("sqs", config=aws_config(tries=1))
    return Tools(
        queue=_queue(settings, executor),
        reads=_reads(settings, executor),
        notes=DynamoNotes(dynamodb, table, time.time, lambda: str(uuid.uuid4())),
        signups=SqsSignups(sqs, settings.signup_queue_url, executor),
        claims=DynamoClaimsForgotten(dynamodb, table, settings.api_base_url),
        explainer=Explaining(make_reader(os.environ)),
        executor=executor,
        clock=_clock(),
    )


def _executor() -> Executor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="triage")


def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=aws_config())


def _queue(settings: Settings, executor: Executor) -> SqsDeadLetters:
    sqs = boto3.client("sqs", config=aws_config())
    return SqsDeadLetters(sqs, settings.dead_letter_queue_url, executor)


def _reads(settings: Settings, executor: Executor) -> DynamoReads:
    table, retention = settings.ledger_table_name, settings.retention_seconds
    return DynamoReads(_dynamodb(), table, executor, time.time, retention)


def _clock() -> Clock:
    return Clock(time.time, time.sleep, wait)
