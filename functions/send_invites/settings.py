"""The environment variables that the template sets: typed, and checked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# TLS, or this very machine: a bearer token never crosses a network in the clear.
_BASE_URL = re.compile(
    r"(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*[^\s?#/])?"
)


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment decides.

    Attributes:
        api_base_url: API_BASE_URL, https only, loopback excepted; no trailing slash.
        token_secret_id: TOKEN_SECRET_ID, name or ARN of the secret that holds the token.
        ledger_table_name: LEDGER_TABLE_NAME.
        signup_queue_url: SIGNUP_QUEUE_URL.
        default_roles: DEFAULT_ROLES, a comma list of at least one role.
        allowed_domains: ALLOWED_EMAIL_DOMAINS, a comma list; empty for all.
        email_taken: EMAIL_TAKEN_TEXT, the API's words for an address that has a user.
        max_invites_per_minute: MAX_INVITES_PER_MINUTE; 0 for as many as the API allows.
        remember_days: REMEMBER_DAYS, how long it is known that somebody was invited.
        max_receive_count: MAX_RECEIVE_COUNT, of the queue's redrive policy.
        queue_retention_seconds: QUEUE_RETENTION_SECONDS, after which SQS deletes a message.
        rotation_function_arn: ROTATION_FUNCTION_ARN, what renews the token; empty if nothing does.
    """

    api_base_url: str
    token_secret_id: str
    ledger_table_name: str
    signup_queue_url: str
    default_roles: tuple[str, ...]
    allowed_domains: frozenset[str]
    email_taken: str
    max_invites_per_minute: int
    remember_days: int
    max_receive_count: int
    queue_retention_seconds: int
    rotation_function_arn: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: Naming the first variable that is missing or wrong.
        """
        roles = _comma_list(environment, "DEFAULT_ROLES")
        if not roles:
            raise SettingsError("DEFAULT_ROLES: at least one role is needed")
        return cls(
            api_base_url=_base_url(_required(environment, "API_BASE_URL")),
            token_secret_id=_required(environment, "TOKEN_SECRET_ID"),
            ledger_table_name=_required(environment, "LEDGER_TABLE_NAME"),
            signup_queue_url=_required(environment, "SIGNUP_QUEUE_URL"),
            default_roles=roles,
            allowed_domains=_domains(environment, "ALLOWED_EMAIL_DOMAINS"),
            email_taken=_required(environment, "EMAIL_TAKEN_TEXT"),
            max_invites_per_minute=_number(environment, "MAX_INVITES_PER_MINUTE", least=0),
            remember_days=_number(environment, "REMEMBER_DAYS"),
            max_receive_count=_number(environment, "MAX_RECEIVE_COUNT"),
            queue_retention_seconds=_number(environment, "QUEUE_RETENTION_SECONDS"),
            rotation_function_arn=environment.get("ROTATION_FUNCTION_ARN", "").strip(),
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name}: not set")
    return value


def _base_url(url: str) -> str:
    if not _BASE_URL.fullmatch(url):
        raise SettingsError("API_BASE_URL: must be https://host without a trailing slash")
    return url


def _comma_list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    items = (item.strip() for item in environment.get(name, "").split(","))
    return tuple(item for item in items if item)


def _domains(environment: Mapping[str, str], name: str) -> frozenset[str]:
    """Empty means all, so what is not empty must name some: a slip may not open the gate."""
    if name not in environment:
        raise SettingsError(f"{name}: not set; empty allows all domains")
    domains = frozenset(domain.lower() for domain in _comma_list(environment, name))
    if environment[name].strip() and not domains:
        raise SettingsError(f"{name}: names no domain")
    return domains


def _number(environment: Mapping[str, str], name: str, least: int = 1) -> int:
    value = _required(environment, name)
    if not value.isdecimal() or int(value) < least:
        raise SettingsError(f"{name}: must be a whole number of at least {least}")
    return int(value)
