"""The versions of the token secret, and their labels (AWSCURRENT, AWSPENDING, AWSPREVIOUS).

Every version is read by its id. A label may lead to the version of another rotation: for a moment
it can be on two versions, and it stays on the version of a rotation that never ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.token_secret import secret_name
from invites.errors import RotationError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the secret.

    Attributes:
        value: None if the version was only announced, or does not exist.
        labels: AWSCURRENT, AWSPENDING, AWSPREVIOUS, or none.
    """

    value: str | None = field(repr=False)
    labels: Sequence[str] = ()


class TokenVersions:
    """Reads, writes and labels versions.

    Args:
        client: A low-level client.
        secret_id: ARN of the token secret.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self.secret_name = secret_name(secret_id)

    def read(self, version_id: str) -> Version:
        """One version; raises RotationError."""
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id, VersionId=version_id)
        except self._client.exceptions.ResourceNotFoundException:
            # AWS says so of a version that Secrets Manager has announced and nobody has written.
            return Version(None)
        except (BotoCoreError, ClientError) as error:
            raise self._failure("read", error) from error
        return Version(answer.get("SecretString") or None, answer.get("VersionStages", []))

    def labels(self) -> Mapping[str, Sequence[str]]:
        """The labels by version id, of the versions that have any; raises RotationError."""
        try:
            answer = self._client.describe_secret(SecretId=self._secret_id)
        except (BotoCoreError, ClientError) as error:
            raise self._failure("described", error) from error
        return answer.get("VersionIdsToStages", {})

    def put_pending(self, version_id: str, value: str) -> None:
        """Store the value of a version, as AWSPENDING; raises RotationError."""
        try:
            self._client.put_secret_value(
                SecretId=self._secret_id,
                ClientRequestToken=version_id,
                SecretString=value,
                VersionStages=[PENDING],
            )
        except (BotoCoreError, ClientError) as error:
            raise self._failure("written", error) from error

    def make_current(self, version_id: str, previous_id: str | None) -> None:
        """Move AWSCURRENT to this version from the one that has it; raises RotationError.

        Args:
            version_id: The new current version.
            previous_id: The version that has the label; None if no version has it.
        """
        source = {"RemoveFromVersionId": previous_id} if previous_id else {}
        try:
            self._client.update_secret_version_stage(
                SecretId=self._secret_id,
                VersionStage=CURRENT,
                MoveToVersionId=version_id,
                **source,
            )
        except (BotoCoreError, ClientError) as error:
            raise self._failure("labelled", error) from error

    def drop_pending(self, version_id: str) -> None:
        """Take AWSPENDING off a version that has it; raises RotationError."""
        try:
            self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=PENDING, RemoveFromVersionId=version_id
            )
        except (BotoCoreError, ClientError) as error:
            raise self._failure("labelled", error) from error

    def _failure(self, done: str, error: BotoCoreError | ClientError) -> RotationError:
        return RotationError(f"secret {self.secret_name} cannot be {done}: {aws_error(error)}")
