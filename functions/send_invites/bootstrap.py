"""The composition root: the only place that reads the environment and makes the parts."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import boto3
from aws_lambda_powertools import Logger, Metrics
from botocore.config import Config

from invites.api import SpaceMediaApi
from invites.batch import BatchProcessor
from invites.invite import InviteRules
from invites.sending import Sender
from invites.verdict import EMAIL_TAKEN
from send_invites.ledger import DynamoLedger
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.telemetry import Telemetry
from send_invites.tokens import SecretTokens

# The largest batch that the template accepts: all of it side by side. Threads and connections
# are made as they are needed, so a smaller batch costs no more than it uses.
SIDE_BY_SIDE = 100

# AWS in the same region answers in milliseconds. Three tries of at most 2 + 5 s leave time for
# the call to the API within the function's timeout.
_AWS = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=SIDE_BY_SIDE,
)


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that the handler calls."""

    processor: BatchProcessor
    queue: SignupQueue
    telemetry: Telemetry


@cache
def application() -> Application:
    """Make the parts, once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong; made anew, and told again, next time.
    """
    settings = Settings.from_environment(os.environ)
    tokens = SecretTokens(
        boto3.client("secretsmanager", config=_AWS), settings.token_secret_id, time.monotonic
    )
    ledger = DynamoLedger(
        boto3.client("dynamodb", config=_AWS), settings.ledger_table_name, time.time
    )
    api = SpaceMediaApi(settings.api_base_url, SIDE_BY_SIDE, time.monotonic)
    executor = ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="invite")
    processor = BatchProcessor(
        rules=InviteRules(settings.default_roles, settings.allowed_domains),
        sender=Sender(api, tokens, EMAIL_TAKEN),
        ledger=ledger,
        executor=executor,
        draw=random.random,
    )
    queue = SignupQueue(boto3.client("sqs", config=_AWS), settings.signup_queue_url, executor)
    return Application(processor, queue, Telemetry(Logger(), Metrics()))
