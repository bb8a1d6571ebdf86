"""Asking Secrets Manager for a rotation of the token."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.errors import aws_error

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class SecretRotation:
    """Asks Secrets Manager to rotate the token's secret; it does so after the answer.

    Args:
        client: A low-level client.
        secret_id: ARN of the token secret.
        function_arn: The rotation function's, as the secret knows it only if it has a schedule;
            empty if the deployment has none.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str, function_arn: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self._function_arn = function_arn

    @property
    def is_on(self) -> bool:
        """Whether there is a rotation to ask for."""
        return bool(self._function_arn)

    def ask(self) -> str | None:
        """Ask; AWS's error in one word if it was refused."""
        try:
            self._client.rotate_secret(
                SecretId=self._secret_id, RotationLambdaARN=self._function_arn
            )
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return None
