"""Secrets Manager and SNS: the clients that an environment is given."""

import json
from typing import Any

from send_invites.timeouts import AWS_TRIES
from simulation.plan import HOUR, Plan
from simulation.world.aws.service import Service, refusal
from simulation.world.aws.token_secret import CURRENT, PENDING, TokenSecret
from simulation.world.lambda_service.environment import Environment

# The id of the secret with key and secret, and what it holds.
CREDENTIALS = "credentials"
PLAIN_SECRET = "plaintextkeyandsecret"  # noqa: S105 - nobody's


class _NotFoundError(Exception):
    """What `client.exceptions` has for a version without a value."""


class _Exceptions:
    ResourceNotFoundException = _NotFoundError


class SecretsManager:
    """The client.

    Args:
        tries: How often it makes a call that fails.
    """

    exceptions = _Exceptions

    def __init__(
        self,
        secret: TokenSecret,
        plan: Plan,
        environment: Environment,
        tries: int = AWS_TRIES,
    ) -> None:
        self._secret = secret
        self._plan = plan
        self._service = Service("secretsmanager", plan, environment, tries)

    def get_secret_value(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """The version that the request names; without a name, the current one."""
        version_id = request.get("VersionId")

        def effect() -> dict[str, Any]:
            if request["SecretId"] == CREDENTIALS:
                return {"SecretString": json.dumps({"api_key": "k", "api_secret": PLAIN_SECRET})}
            if not version_id and self._plan.lasts("token: secret is empty", HOUR):
                return {"SecretString": ""}
            kept = self._secret.versions.get(version_id or self._secret.labelled(CURRENT) or "")
            if kept is None or kept.value is None:
                raise _NotFoundError
            return {
                "SecretString": kept.value,
                "CreatedDate": kept.created_at,
                "VersionStages": sorted(kept.labels),
            }

        return self._service.call("GetSecretValue", effect)

    def rotate_secret(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Begin a rotation; while another one is under way, or left a label, it is refused."""

        def effect() -> None:
            if self._secret.is_being_rotated:
                raise refusal("InvalidRequestException", "RotateSecret")
            self._secret.on_rotate()

        self._service.call("RotateSecret", effect)
        return {}

    def describe_secret(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Which versions have labels, and which."""

        def effect() -> dict[str, Any]:
            versions = self._secret.versions.items()
            return {"VersionIdsToStages": {k: sorted(v.labels) for k, v in versions if v.labels}}

        return self._service.call("DescribeSecret", effect)

    def put_secret_value(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Store a value, once."""
        version_id, value = request["ClientRequestToken"], request["SecretString"]
        (label,) = request["VersionStages"]

        def effect() -> None:
            if not self._secret.put(version_id, value, label):
                raise refusal("ResourceExistsException", "PutSecretValue")

        self._service.call("PutSecretValue", effect)
        return {}

    def update_secret_version_stage(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Move a label from the version that has it, which the request has to name."""
        label, to = request["VersionStage"], request.get("MoveToVersionId")

        def effect() -> None:
            has = self._secret.labelled(label)
            if has not in (None, request.get("RemoveFromVersionId"), to):
                raise refusal("InvalidParameterException", "UpdateSecretVersionStage")
            if to:
                self._secret.move(label, to)
                # AWSPENDING may go from a version that becomes current, or stay.
                if self._plan.random.random() < 0.5:
                    self._secret.versions[to].labels.discard(PENDING)
            elif has:
                self._secret.versions[has].labels.discard(label)

        self._service.call("UpdateSecretVersionStage", effect)
        return {}


class Sns:
    """The client."""

    def __init__(self, plan: Plan, environment: Environment) -> None:
        self._service = Service("sns", plan, environment)

    def publish_batch(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Take all of it."""
        answer: dict[str, Any] = {"Successful": [], "Failed": []}
        return self._service.call("PublishBatch", lambda: answer)
