"""What Secrets Manager has stored of the token: its value, and since when."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.errors import aws_error
from invites.errors import TokenError, TokenUnavailableError
from token_secret.value import secret_name

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class Stored:
    """The current version of a secret.

    Attributes:
        value: As it is stored.
        created_at: Epoch seconds; None if it is not told.
    """

    value: str = field(repr=False)
    created_at: float | None = None


def read_secret(client: "SecretsManagerClient", secret_id: str) -> Stored:
    """Read the current version.

    Raises:
        TokenError: The secret has no value; the message names it and says what to do.
        TokenUnavailableError: It cannot be read just now.
    """
    name = secret_name(secret_id)
    try:
        answer = client.get_secret_value(SecretId=secret_id)
    except client.exceptions.ResourceNotFoundException as error:
        problem = f"secret {name} does not exist or has no value: store the API token in it"
        raise TokenError(problem) from error
    except (BotoCoreError, ClientError) as error:
        problem = f"secret {name} cannot be read: {aws_error(error)}"
        raise TokenUnavailableError(problem) from error
    created = cast("datetime | None", answer.get("CreatedDate"))
    return Stored(answer.get("SecretString", ""), created.timestamp() if created else None)
