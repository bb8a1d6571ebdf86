"""The composition root: the only place that reads the environment and makes the parts."""

import os
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from aws_adapters.log import make_logger
from invites.api.token_client import TokenApi
from invites.api.transport import mute_urllib3
from rotate_token.credentials import CredentialsSecret
from rotate_token.rotation import TokenRotation
from rotate_token.settings import Settings
from rotate_token.versions import TokenVersions

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

# AWS in the same region answers in milliseconds; the other tries are for a request that gets lost.
# The function's timeout covers the slowest step: four such calls, and one of 20 s to the API.
AWS_CONNECT_SECONDS = 1
AWS_READ_SECONDS = 2
AWS_TRIES = 3


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that the handler calls.

    Attributes:
        secret_id: The only secret that this function rotates.
    """

    rotation: TokenRotation
    secret_id: str
    logger: "Logger"


@cache
def application() -> Application:
    """Make the parts, once in each execution environment.

    Raises:
        SettingsError: A variable is missing. The next call tries again, and raises again.
    """
    mute_urllib3()
    settings = Settings.from_environment(os.environ)
    config = Config(
        connect_timeout=AWS_CONNECT_SECONDS,
        read_timeout=AWS_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": AWS_TRIES},
    )
    client = boto3.client("secretsmanager", config=config)
    logger = make_logger()
    rotation = TokenRotation(
        TokenVersions(client, settings.token_secret_id),
        CredentialsSecret(client, settings.credentials_secret_id).read,
        TokenApi(settings.api_base_url, time.monotonic, time.time),
        logger.info,
        logger.warning,
    )
    return Application(rotation, settings.token_secret_id, logger)
