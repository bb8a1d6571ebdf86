"""Reads the organisation's API key and secret, from a secret that no other function can read."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.token_secret import secret_name
from invites.api.token_client import Credentials, is_sendable
from invites.errors import CredentialsError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_FORM = 'store {"api_key": "…", "api_secret": "…"} in it'


class CredentialsSecret:
    """Reads key and secret at each use: a rotation needs them once, and nothing keeps them.

    Args:
        client: A low-level client.
        secret_id: ARN of the secret: a JSON object `{"api_key": "…", "api_secret": "…"}`.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id

    def read(self) -> Credentials:
        """Read key and secret.

        Raises:
            CredentialsError: The message says what is wrong with which secret, never its value.
        """
        name = secret_name(self._secret_id)
        fields = _fields(name, self._fetch(name))
        return Credentials(_text(name, fields, "api_key"), _text(name, fields, "api_secret"), name)

    def _fetch(self, name: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id)
        except self._client.exceptions.ResourceNotFoundException as error:
            problem = f"secret {name} does not exist or has no value: {_FORM}"
            raise CredentialsError(problem) from error
        except (BotoCoreError, ClientError) as error:
            raise CredentialsError(f"secret {name} cannot be read: {aws_error(error)}") from error
        return answer.get("SecretString", "").strip()


def _fields(name: str, text: str) -> dict[str, Any]:
    if not text:
        raise CredentialsError(f"secret {name} is empty: {_FORM}")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        # `from None`: the decoder's error carries the text, and the text is a secret.
        raise CredentialsError(f"secret {name} is not JSON: {_FORM}") from None
    if not isinstance(fields, dict):
        raise CredentialsError(f"secret {name} is not a JSON object: {_FORM}")
    return fields


def _text(name: str, fields: dict[str, Any], field: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or not value.strip():
        raise CredentialsError(f"secret {name} has no text in its field `{field}`: {_FORM}")
    if not is_sendable(value.strip()):
        problem = f"secret {name} has something in its field `{field}` that HTTP cannot carry"
        raise CredentialsError(f"{problem}: {_FORM}")
    return value.strip()
