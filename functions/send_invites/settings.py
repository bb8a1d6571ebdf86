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
    """

    api_base_url: str
    token_secret_id: str
    ledger_table_name: str
    signup_queue_url: str
    default_roles: tuple[str, ...]
    allowed_domains: frozenset[str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: Naming the first variable that is missing or wrong.
        """
        roles = _comma_list(environment, "DEFAULT_ROLES")
        if not roles:
            raise SettingsError("DEFAULT_ROLES: at least one role is needed")
        domains = _comma_list(environment, "ALLOWED_EMAIL_DOMAINS")
        return cls(
            api_base_url=_base_url(_required(environment, "API_BASE_URL")),
            token_secret_id=_required(environment, "TOKEN_SECRET_ID"),
            ledger_table_name=_required(environment, "LEDGER_TABLE_NAME"),
            signup_queue_url=_required(environment, "SIGNUP_QUEUE_URL"),
            default_roles=roles,
            allowed_domains=frozenset(domain.lower() for domain in domains),
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
