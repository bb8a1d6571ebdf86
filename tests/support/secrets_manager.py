"""Secrets Manager in memory, as its low-level client: secrets, their versions and labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from botocore.exceptions import ClientError

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


class _ResourceNotFoundError(ClientError):
    """A secret or a version without a value; clients have it in `exceptions`."""


class _Exceptions:
    ResourceNotFoundException: ClassVar[type[ClientError]] = _ResourceNotFoundError


@dataclass(slots=True)
class Version:
    """A version of a secret; one that was only announced has no value."""

    value: str | None = None
    created_at: float = 0.0
    labels: set[str] = field(default_factory=set)


class FakeSecretsManager:
    """The client. Safe to use from several threads as far as the real one is.

    Args:
        now: The clock by which versions are made, epoch seconds.
        call: Makes each call, and may break it off before or after its effect.
        moves_pending: Whether AWSPENDING leaves the version that has it when another one gets it.
            AWS documents neither.

    Attributes:
        exceptions: As the client's.
        versions: By the secret's id, its versions by their id.
        errors: By operation (`GetSecretValue`), what the next calls raise.
        requests: By operation, what was requested.
    """

    exceptions = _Exceptions

    def __init__(
        self,
        now: Callable[[], float] = lambda: 0.0,
        call: Callable[[Callable[[], Any]], Any] = lambda effect: effect(),
        *,
        moves_pending: bool = True,
    ) -> None:
        self._now = now
        self._call = call
        self._moves_pending = moves_pending
        self.versions: dict[str, dict[str, Version]] = {}
        self.errors: dict[str, Exception] = {}
        self.requests: dict[str, list[Mapping[str, Any]]] = {}

    # What a test does to it, and reads from it.

    def store(self, secret_id: str, value: str, created_at: float | None = None) -> None:
        """Store a value as an operator does, or as if it had been stored at that time."""
        versions = self.versions.setdefault(secret_id, {})
        version_id = f"stored-{len(versions) + 1}"
        versions[version_id] = Version(value, self._now() if created_at is None else created_at)
        self._move(secret_id, CURRENT, version_id)

    def announce(self, secret_id: str, version_id: str) -> None:
        """Begin a rotation: a version without a value, labelled AWSPENDING."""
        versions = self.versions.setdefault(secret_id, {})
        if self._moves_pending:
            self._take_off(secret_id, PENDING)
        versions[version_id] = Version(None, self._now(), {PENDING})

    def labelled(self, secret_id: str, label: str) -> list[str]:
        """The ids of the versions that have a label."""
        versions = self.versions.get(secret_id, {})
        return [key for key, version in versions.items() if label in version.labels]

    def count(self, operation: str) -> int:
        """How often an operation was called."""
        return len(self.requests.get(operation, []))

    # The client's operations.

    def get_secret_value(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """The version with an id; without one, the current version."""

        def effect() -> dict[str, Any]:
            secret_id = request["SecretId"]
            current = [*self.labelled(secret_id, CURRENT), ""][0]
            version_id = request.get("VersionId", current)
            version = self.versions.get(secret_id, {}).get(version_id, Version())
            if version.value is None:
                raise self.not_found()
            return {
                "SecretString": version.value,
                "VersionId": version_id,
                "VersionStages": sorted(version.labels),
                # AWS's times are whole seconds.
                "CreatedDate": datetime.fromtimestamp(int(version.created_at), UTC),
            }

        return self._operate("GetSecretValue", request, effect)

    def describe_secret(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """The labels of the versions that have any."""

        def effect() -> dict[str, Any]:
            versions = self.versions.get(request["SecretId"], {}).items()
            labels = {key: sorted(version.labels) for key, version in versions if version.labels}
            return {"VersionIdsToStages": labels}

        return self._operate("DescribeSecret", request, effect)

    def put_secret_value(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Store a version's value, which AWS changes no more."""
        secret_id, version_id = request["SecretId"], request["ClientRequestToken"]

        def effect() -> dict[str, Any]:
            version = self.versions.setdefault(secret_id, {}).setdefault(version_id, Version())
            if version.value not in (None, request["SecretString"]):
                raise refusal("PutSecretValue", "ResourceExistsException")
            version.value, version.created_at = request["SecretString"], self._now()
            for label in request["VersionStages"]:
                if label != PENDING or self._moves_pending:
                    self._take_off(secret_id, label)
                version.labels.add(label)
            return {"VersionId": version_id}

        return self._operate("PutSecretValue", request, effect)

    def update_secret_version_stage(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Move a label, or take it off; the request has to name the version that has it."""
        secret_id, label = request["SecretId"], request["VersionStage"]
        to, source = request.get("MoveToVersionId"), request.get("RemoveFromVersionId")

        def effect() -> dict[str, Any]:
            holders = self.labelled(secret_id, label)
            if (source and source not in holders) or (to and set(holders) - {source, to}):
                raise refusal("UpdateSecretVersionStage", "InvalidParameterException")
            if source:
                self.versions[secret_id][source].labels.discard(label)
            if to:
                self._move(secret_id, label, to, source)
            return {}

        return self._operate("UpdateSecretVersionStage", request, effect)

    def rotate_secret(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Take the request for a rotation; its steps are for a test to run."""
        return self._operate("RotateSecret", request, dict[str, Any])

    @staticmethod
    def not_found() -> ClientError:
        """What AWS answers for a secret or a version without a value."""
        error: Any = {"Error": {"Code": "ResourceNotFoundException", "Message": "marked"}}
        return _ResourceNotFoundError(error, "GetSecretValue")

    def _operate(
        self, operation: str, request: Mapping[str, Any], effect: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        self.requests.setdefault(operation, []).append(request)
        if error := self.errors.get(operation):
            raise error
        answer: dict[str, Any] = self._call(effect)
        return answer

    def _move(self, secret_id: str, label: str, to: str, source: str | None = None) -> None:
        before = [*self.labelled(secret_id, label), source or ""][0]
        self._take_off(secret_id, label)
        self.versions[secret_id][to].labels.add(label)
        if label == CURRENT and before and before != to:
            self._move(secret_id, PREVIOUS, before)

    def _take_off(self, secret_id: str, label: str) -> None:
        for version in self.versions[secret_id].values():
            version.labels.discard(label)


def refusal(operation: str, code: str) -> ClientError:
    """An error of AWS with a code; its message is not for a log."""
    error: Any = {"Error": {"Code": code, "Message": f"marked {code}"}}
    return ClientError(error, operation)
