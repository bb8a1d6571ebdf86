"""Secrets Manager as the tests of the token want it."""

from typing import Any

import boto3
from botocore.exceptions import ClientError


class FakeSecrets:
    """Secrets Manager with one secret, which a test may change or make unreadable."""

    def __init__(self, aws: boto3.Session, value: str | None) -> None:
        self.exceptions = aws.client("secretsmanager").exceptions
        self.value = value
        self.reads = 0

    def get_secret_value(self, **request: object) -> dict[str, Any]:
        """Count, then give the value; without one, fail."""
        assert request == {"SecretId": "token"}
        self.reads += 1
        if self.value is None:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        return {"SecretString": self.value}
