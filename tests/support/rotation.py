"""Rotates the token of a deployed stack as Secrets Manager does: the local AWS's own is a stub."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from support.local_aws import LocalAws
from support.spacemedia.client import StandIn
from support.stack import Stack

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
# The name of the secret that holds key and secret.
CREDENTIALS = "spacemedia-credentials"
CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


class StepError(Exception):
    """A step failed; the message is what the function raised."""


def store_credentials(aws: LocalAws, api: StandIn) -> str:
    """Store the stand-in's key and secret as the how-to says; the secret's ARN."""
    settings = api.settings()
    value = {"api_key": settings["api_key"], "api_secret": settings["api_secret"]}
    answer = aws.client("secretsmanager").create_secret(
        Name=CREDENTIALS, SecretString=json.dumps(value)
    )
    return str(answer["ARN"])


def store_credentials_value(aws: LocalAws, value: str) -> None:
    """Store something in its place."""
    aws.client("secretsmanager").put_secret_value(SecretId=CREDENTIALS, SecretString=value)


@dataclass(frozen=True, slots=True)
class Rotator:
    """Does what Secrets Manager does with the stack's token secret."""

    stack: Stack

    @property
    def secret_id(self) -> str:
        """The token secret's ARN."""
        return str(self.stack.outputs["TokenSecretArn"])

    def announce(self) -> str:
        """Begin a rotation: a version without a value, labelled AWSPENDING; its id."""
        version = str(uuid.uuid4())
        self._secrets.put_secret_value(
            SecretId=self.secret_id, ClientRequestToken=version, VersionStages=[PENDING]
        )
        return version

    def take(self, version: str, steps: Sequence[str] = STEPS) -> None:
        """Invoke the function for each step, in order.

        Raises:
            StepError: One failed; the others were not taken.
        """
        for step in steps:
            event = {"Step": step, "SecretId": self.secret_id, "ClientRequestToken": version}
            answer = self.stack.client("lambda").invoke(
                FunctionName=self.stack.outputs["RotateTokenFunctionName"],
                Payload=json.dumps(event),
            )
            if "FunctionError" in answer:
                raise StepError(json.loads(answer["Payload"].read())["errorMessage"])

    def rotate(self) -> str:
        """A whole rotation; the new version's id."""
        version = self.announce()
        self.take(version)
        return version

    def labels(self) -> dict[str, list[str]]:
        """The labels of each version that has any."""
        described = self._secrets.describe_secret(SecretId=self.secret_id)
        return {key: sorted(labels) for key, labels in described["VersionIdsToStages"].items()}

    def value(self, label: str = CURRENT) -> dict[str, Any]:
        """The value with a label."""
        answer = self._secrets.get_secret_value(SecretId=self.secret_id, VersionStage=label)
        value: dict[str, Any] = json.loads(answer["SecretString"])
        return value

    def version(self, label: str) -> str | None:
        """Which version has a label."""
        return next((key for key, labels in self.labels().items() if label in labels), None)

    def drop(self, label: str) -> None:
        """Take a label off whichever version has it."""
        if version := self.version(label):
            self._secrets.update_secret_version_stage(
                SecretId=self.secret_id, VersionStage=label, RemoveFromVersionId=version
            )

    def restore(self, current: str | None, stub: str) -> None:
        """Undo what the local AWS's RotateSecret did: make the version current that was."""
        if current:
            self._secrets.update_secret_version_stage(
                SecretId=self.secret_id,
                VersionStage=CURRENT,
                MoveToVersionId=current,
                RemoveFromVersionId=stub,
            )
        else:
            self.drop(CURRENT)

    @property
    def _secrets(self) -> Any:  # noqa: ANN401 - a client
        return self.stack.client("secretsmanager")
