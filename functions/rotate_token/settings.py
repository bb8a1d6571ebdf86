"""The environment variables that the template sets: typed, and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_adapters.settings import required


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment sets.

    Attributes:
        api_base_url: API_BASE_URL; the template allows only https, or this machine.
        token_secret_id: TOKEN_SECRET_ID, ARN of the secret that holds the token.
        credentials_secret_id: CREDENTIALS_SECRET_ID, ARN of the one with API key and secret.
    """

    api_base_url: str
    token_secret_id: str
    credentials_secret_id: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check.

        Raises:
            SettingsError: It names the first variable that is missing.
        """
        return cls(
            api_base_url=required(environment, "API_BASE_URL"),
            token_secret_id=required(environment, "TOKEN_SECRET_ID"),
            credentials_secret_id=required(environment, "CREDENTIALS_SECRET_ID"),
        )
