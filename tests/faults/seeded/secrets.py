"""Secrets Manager and SNS: the clients that an environment is given."""

from typing import Any

from faults.seeded.aws import Service, refusal
from faults.seeded.environments import Environment
from faults.seeded.plan import HOUR, Plan
from faults.seeded.tokens import TokenSecret

# A rotation takes four calls of a function that may have to start.
ROTATION = (1.0, 20.0)


class _NotFoundError(Exception):
    """What `client.exceptions` has for a secret without a value; here it always has one."""


class _Exceptions:
    ResourceNotFoundException = _NotFoundError


class SecretsManager:
    """The client."""

    exceptions = _Exceptions

    def __init__(self, secret: TokenSecret, plan: Plan, environment: Environment) -> None:
        self._secret = secret
        self._plan = plan
        self._service = Service("secretsmanager", plan, environment)

    def get_secret_value(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """The current version."""

        def effect() -> dict[str, Any]:
            empty = self._plan.lasts("token: secret is empty", HOUR)
            value = "" if empty else self._secret.value
            return {"SecretString": value, "CreatedDate": self._secret.created_at}

        return self._service.call("GetSecretValue", effect)

    def rotate_secret(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Begin a rotation, which may come to nothing; while one is under way it is refused."""

        def effect() -> None:
            if self._secret.is_rotating:
                raise refusal("InvalidRequestException", "RotateSecret")
            fails = self._plan.happens("secretsmanager: rotation fails")
            self._secret.rotate(self._plan.random.uniform(*ROTATION), fails=fails)

        self._service.call("RotateSecret", effect)
        return {}


class Sns:
    """The client."""

    def __init__(self, plan: Plan, environment: Environment) -> None:
        self._service = Service("sns", plan, environment)

    def publish_batch(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Take all of it."""
        answer: dict[str, Any] = {"Successful": [], "Failed": []}
        return self._service.call("PublishBatch", lambda: answer)
