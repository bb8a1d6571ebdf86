"""The environment variables that the template sets: typed, and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment decides.

    Attributes:
        ledger_table_name: LEDGER_TABLE_NAME.
        dead_letter_queue_url: DEAD_LETTER_QUEUE_URL.
        retention_seconds: DEAD_LETTER_RETENTION_SECONDS, after which SQS deletes a letter.
        default_roles: DEFAULT_ROLES, a comma list of at least one role.
        allowed_domains: ALLOWED_EMAIL_DOMAINS, a comma list; empty for all.
        signup_queue_url: SIGNUP_QUEUE_URL; of act only.
        api_base_url: API_BASE_URL, by which the ledger knows people; of act only.
        act_function_arn: ACT_FUNCTION_ARN, what the console's buttons call; of view only.
    """

    ledger_table_name: str
    dead_letter_queue_url: str
    retention_seconds: int
    default_roles: tuple[str, ...]
    allowed_domains: frozenset[str]
    signup_queue_url: str = ""
    api_base_url: str = ""
    act_function_arn: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: Naming the first variable that is missing or wrong.
        """
        retention = _required(environment, "DEAD_LETTER_RETENTION_SECONDS")
        if not retention.isdecimal():
            raise SettingsError("DEAD_LETTER_RETENTION_SECONDS: must be a whole number")
        return cls(
            ledger_table_name=_required(environment, "LEDGER_TABLE_NAME"),
            dead_letter_queue_url=_required(environment, "DEAD_LETTER_QUEUE_URL"),
            retention_seconds=int(retention),
            default_roles=tuple(_comma_list(_required(environment, "DEFAULT_ROLES"))),
            allowed_domains=frozenset(
                one.lower() for one in _comma_list(environment.get("ALLOWED_EMAIL_DOMAINS", ""))
            ),
            signup_queue_url=environment.get("SIGNUP_QUEUE_URL", ""),
            api_base_url=environment.get("API_BASE_URL", ""),
            act_function_arn=environment.get("ACT_FUNCTION_ARN", ""),
        )

    def for_act(self) -> "Settings":
        """These, if they will do for acting; raises SettingsError."""
        for name in ("signup_queue_url", "api_base_url"):
            if not getattr(self, name):
                raise SettingsError(f"{name.upper()}: not set")
        return self


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name}: not set")
    return value


def _comma_list(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]
