"""The environment variables that the template sets: typed, and checked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aws_adapters.settings import SettingsError, required, whole_number

# https, or http to this machine: a bearer token never crosses a network in the clear.
_BASE_URL = re.compile(
    r"(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*[^\s?#/])?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment sets.

    Attributes:
        api_base_url: API_BASE_URL, https only, loopback excepted; no trailing slash.
        token_secret_id: TOKEN_SECRET_ID, name or ARN of the secret that holds the token.
        ledger_table_name: LEDGER_TABLE_NAME.
        signup_queue_url: SIGNUP_QUEUE_URL.
        email_taken: EMAIL_TAKEN_TEXT, the API's words for an address that has a user.
        max_invites_per_minute: MAX_INVITES_PER_MINUTE; 0 for as many as the API allows.
        remember_days: REMEMBER_DAYS, how long the ledger remembers that somebody was invited.
        max_receive_count: MAX_RECEIVE_COUNT, of the queue's redrive policy.
        queue_retention_seconds: QUEUE_RETENTION_SECONDS, after which SQS deletes a message.
        outcome_topic_arn: OUTCOME_TOPIC_ARN, where final outcomes are published; empty for none.
        rotation_function_arn: ROTATION_FUNCTION_ARN, which renews the token; empty for none.
    """

    api_base_url: str
    token_secret_id: str
    ledger_table_name: str
    signup_queue_url: str
    email_taken: str
    max_invites_per_minute: int
    remember_days: int
    max_receive_count: int
    queue_retention_seconds: int
    rotation_function_arn: str = ""
    outcome_topic_arn: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: It names the first variable that is missing or wrong.
        """
        return cls(
            api_base_url=_base_url(required(environment, "API_BASE_URL")),
            token_secret_id=required(environment, "TOKEN_SECRET_ID"),
            ledger_table_name=required(environment, "LEDGER_TABLE_NAME"),
            signup_queue_url=required(environment, "SIGNUP_QUEUE_URL"),
            email_taken=required(environment, "EMAIL_TAKEN_TEXT"),
            max_invites_per_minute=whole_number(environment, "MAX_INVITES_PER_MINUTE", minimum=0),
            remember_days=whole_number(environment, "REMEMBER_DAYS"),
            max_receive_count=whole_number(environment, "MAX_RECEIVE_COUNT"),
            queue_retention_seconds=whole_number(environment, "QUEUE_RETENTION_SECONDS"),
            rotation_function_arn=environment.get("ROTATION_FUNCTION_ARN", "").strip(),
            outcome_topic_arn=environment.get("OUTCOME_TOPIC_ARN", "").strip(),
        )


def _base_url(url: str) -> str:
    if not _BASE_URL.fullmatch(url):
        raise SettingsError("API_BASE_URL: must be https://host without a trailing slash")
    return url
