"""send_invites.token_source: a token that ends, and what is known of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from invites.errors import TokenError
from invites.token import TokenState, format_time
from send_invites.token_source import (
    CACHE_SECONDS,
    EXPIRY_MARGIN_SECONDS,
    FAILURE_CACHE_SECONDS,
    REFRESH_INTERVAL_SECONDS,
    SecretTokens,
)
from support.build import NOW, VirtualClock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CREATED = NOW - 3600
# Nobody else reads here.
PATIENCE = 0.0


class FakeSecrets:
    """Secrets Manager with one secret; without a value it is down."""

    def __init__(self, aws: boto3.Session) -> None:
        self.exceptions = aws.client("secretsmanager").exceptions
        self.value: str | None = "one"
        self.reads = 0

    def get_secret_value(self, **_request: object) -> dict[str, Any]:
        """Count, then answer."""
        self.reads += 1
        if self.value is None:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        return {"SecretString": self.value, "CreatedDate": datetime.fromtimestamp(CREATED, UTC)}

    def store(self, token: str, left: float) -> None:
        """Store a token that ends in so many seconds."""
        self.value = f'{{"token": "{token}", "expires_at": "{format_time(NOW + left)}"}}'


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands still."""
    return VirtualClock()


@pytest.fixture
def secrets(aws: boto3.Session) -> FakeSecrets:
    """A secret with a token."""
    return FakeSecrets(aws)


@pytest.fixture
def tokens(secrets: FakeSecrets, clock: VirtualClock) -> SecretTokens:
    """What is tested."""
    client = cast("SecretsManagerClient", secrets)
    return SecretTokens(client, "token", clock.now, clock.now)


def test_it_is_not_used_to_its_end(
    secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """A margin before its end the secret is read for its successor."""
    secrets.store("old", left=200)
    tokens.current()
    secrets.store("new", left=20_000)
    clock.time += 200 - EXPIRY_MARGIN_SECONDS - 1
    assert (tokens.current(), secrets.reads) == ("old", 1)
    clock.time += 1
    assert (tokens.current(), secrets.reads) == ("new", 2)


def test_a_long_life_is_not_kept_for_long(
    secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """A rotation is noticed within the cache's time, whenever the token would end."""
    secrets.store("old", left=20_000)
    tokens.current()
    clock.time += CACHE_SECONDS
    tokens.current()
    assert secrets.reads == 2


def test_one_that_has_ended(
    secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """It is used on, since the API decides; and the secret is not read for each call."""
    secrets.store("old", left=-10)
    assert [tokens.current() for _ in range(5)] == ["old"] * 5
    assert secrets.reads == 1
    clock.time += REFRESH_INTERVAL_SECONDS
    tokens.current()
    assert secrets.reads == 2


def test_states(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """Nothing is known at first; then when it began and ends, and whether it is refused."""
    assert tokens.state(PATIENCE) == TokenState()
    secrets.store("one", left=5000)
    tokens.current()
    assert tokens.state(PATIENCE) == TokenState(CREATED, NOW + 5000)
    tokens.refresh(refused="one")
    assert tokens.state(PATIENCE) == TokenState(CREATED, NOW + 5000, is_refused=True)
    tokens.clear_refusal()
    assert tokens.state(PATIENCE) == TokenState(CREATED, NOW + 5000)
    clock.time += REFRESH_INTERVAL_SECONDS
    tokens.refresh(refused="one")
    secrets.store("two", left=5000)
    assert tokens.reread(PATIENCE) == TokenState(CREATED, NOW + 5000)


def test_a_token_that_was_replaced_is_not_refused(
    secrets: FakeSecrets, tokens: SecretTokens
) -> None:
    """Read anew it is another one, of which nothing is known yet."""
    tokens.current()
    secrets.value = "two"
    assert tokens.refresh(refused="one") == "two"
    assert tokens.state(PATIENCE) == TokenState(CREATED)


def test_a_missing_token(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """A value that is none is told, and forgotten when there is one."""
    secrets.value = "{}"
    with pytest.raises(TokenError):
        tokens.current()
    assert tokens.state(PATIENCE) == TokenState(is_missing=True)
    secrets.value = "one"
    clock.time += FAILURE_CACHE_SECONDS
    tokens.current()
    assert tokens.state(PATIENCE) == TokenState(CREATED)


def test_look_again(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """While Secrets Manager is down nothing is known for sure; an emptied secret is."""
    tokens.current()
    secrets.value = None
    assert tokens.reread(PATIENCE) is None
    secrets.value = " "
    assert tokens.reread(PATIENCE) == TokenState(is_missing=True)
