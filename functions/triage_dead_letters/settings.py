"""The environment variables that the template sets, typed and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_adapters.settings import SettingsError, required, whole_number


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment decides.

    Attributes:
        ledger_table_name: LEDGER_TABLE_NAME.
        dead_letter_queue_url: DEAD_LETTER_QUEUE_URL.
        retention_seconds: DEAD_LETTER_RETENTION_SECONDS, after which SQS deletes a letter.
        signup_queue_url: SIGNUP_QUEUE_URL; only act has it.
        api_base_url: API_BASE_URL, part of the ledger's key of a person; only act has it.
        act_function_arn: ACT_FUNCTION_ARN, what the console's buttons call; only view has it.
    """

    ledger_table_name: str
    dead_letter_queue_url: str
    retention_seconds: int
    signup_queue_url: str = ""
    api_base_url: str = ""
    act_function_arn: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: Naming the first variable that is missing or wrong.
        """
        return cls(
            ledger_table_name=required(environment, "LEDGER_TABLE_NAME"),
            dead_letter_queue_url=required(environment, "DEAD_LETTER_QUEUE_URL"),
            retention_seconds=whole_number(environment, "DEAD_LETTER_RETENTION_SECONDS"),
            signup_queue_url=environment.get("SIGNUP_QUEUE_URL", ""),
            api_base_url=environment.get("API_BASE_URL", ""),
            act_function_arn=environment.get("ACT_FUNCTION_ARN", ""),
        )

    def for_act(self) -> "Settings":
        """These settings, if they are enough for act; raises SettingsError."""
        for name in ("signup_queue_url", "api_base_url"):
            if not getattr(self, name):
                raise SettingsError(f"{name.upper()}: not set")
        return self
