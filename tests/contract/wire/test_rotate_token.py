"""rotate_token writes what `values.toml` says: to its log and the secret."""

import contextlib
import json
import uuid
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest

from contract.wire.deployed import VALUES, Account, Environment

FUNCTION = "RotateTokenFunction"
LOG = VALUES["log"]["rotate_token"]


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation of a secret, and the environment of its function."""

    account: Account
    secret: str
    environment: Environment

    def announce(self) -> str:
        """Announce a version, as Secrets Manager does before the first step; its id."""
        version = str(uuid.uuid4())
        self.account.client("secretsmanager").put_secret_value(
            SecretId=self.secret, ClientRequestToken=version, VersionStages=["AWSPENDING"]
        )
        return version

    def take(self, step: str, version: str, other: str = "") -> None:
        """Take a step, as Secrets Manager asks for it; or as it would for another secret."""
        event = {"Step": step, "SecretId": other or self.secret, "ClientRequestToken": version}
        self.environment.invoke(event)


@pytest.fixture(scope="module")
def rotation(account: Account) -> Rotation:
    """A rotation whose steps were each taken twice, and then a step for another secret."""
    settings = account.api.settings()
    held = dict(
        zip(
            VALUES["rotation"]["credentials_secret"],
            (settings["api_key"], settings["api_secret"]),
            strict=True,
        )
    )
    credentials, secret = account.secret(json.dumps(held)), account.secret("")
    environment = Environment(
        account, FUNCTION, TOKEN_SECRET_ID=secret, CREDENTIALS_SECRET_ID=credentials
    )
    rotation = Rotation(account, secret, environment)
    # A rotation that never ended.
    rotation.announce()
    version = rotation.announce()
    for step in VALUES["rotation"]["steps"]:
        rotation.take(step, version)
        rotation.take(step, version)
    with contextlib.suppress(Exception):
        rotation.take("createSecret", version, other="another")
    return rotation


def test_lines_of_the_log_are_as_listed(rotation: Rotation) -> None:
    """All lines, in order."""
    lines = [(line["level"], line["message"]) for line in rotation.environment.lines()]
    assert len(lines) == len(LOG["lines"])
    for (level, message), expected in zip(lines, LOG["lines"], strict=True):
        assert level == expected[0]
        assert fnmatchcase(message, expected[1])


def test_fields_of_the_log_are_as_listed(rotation: Rotation) -> None:
    """All fields that any line has."""
    found = {name for line in rotation.environment.lines() for name in line}
    assert sorted(found) == sorted(LOG["fields"])


def test_token_secret_has_the_listed_fields(rotation: Rotation) -> None:
    """The token is stored as an object with these fields."""
    stored: dict[str, Any] = json.loads(
        rotation.account.client("secretsmanager").get_secret_value(SecretId=rotation.secret)[
            "SecretString"
        ]
    )
    assert sorted(stored) == VALUES["rotation"]["token_secret"]


def test_api_is_called_as_listed(rotation: Rotation) -> None:
    """The call that gives a token for key and secret, and the one that tries it."""
    secret = {"x-api-key", "x-api-secret", "authorization"}
    calls = {
        f"{request.method} {request.path}": sorted(secret & request.headers.keys())
        for request in rotation.account.api.requests()
    }
    assert calls == VALUES["rotation"]["calls"]
