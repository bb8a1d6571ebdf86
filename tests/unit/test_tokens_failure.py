"""send_invites.token_source: when the secret cannot be read, or used."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from invites.errors import TokenError, TokenUnavailableError
from send_invites.token_source import CACHE_SECONDS, FAILURE_CACHE_SECONDS, SecretTokens
from support.build import VirtualClock
from unit.secrets_manager import FakeSecrets

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

THREADS = 20


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands still."""
    return VirtualClock()


@pytest.fixture
def secrets(aws: boto3.Session) -> FakeSecrets:
    """A secret that cannot be read."""
    return FakeSecrets(aws, None)


@pytest.fixture
def tokens(secrets: FakeSecrets, clock: VirtualClock) -> SecretTokens:
    """What is tested."""
    return SecretTokens(cast("SecretsManagerClient", secrets), "token", clock.now)


def problem(tokens: SecretTokens) -> str:
    """Why there is no token."""
    with pytest.raises(TokenError) as caught:
        tokens.current()
    return f"{type(caught.value).__name__}: {caught.value}"


def test_recovery(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """A failure is told for some seconds; then the secret is read again."""
    with pytest.raises(TokenUnavailableError):
        tokens.current()
    secrets.value = "new"
    clock.time += FAILURE_CACHE_SECONDS - 0.1
    with pytest.raises(TokenUnavailableError):
        tokens.current()
    assert secrets.reads == 1
    clock.time += 0.1
    assert (tokens.current(), secrets.reads) == ("new", 2)


def test_one_finds_out_for_all(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """A whole batch does not wait for one failing read after the other."""
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda _: problem(tokens), range(THREADS)))
    expected = "TokenUnavailableError: secret token cannot be read: InternalServiceError"
    assert (found, secrets.reads) == ([expected] * THREADS, 1)


@pytest.mark.parametrize("value", ["", "not a token", "{"])
def test_a_value_that_cannot_be_used(
    secrets: FakeSecrets, tokens: SecretTokens, value: str
) -> None:
    """Nor is a secret that holds no token read once for each of them."""
    secrets.value = value
    assert problem(tokens) == problem(tokens)
    assert secrets.reads == 1


def test_a_failure_that_lasts(
    secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """Each failure is told for as long as the first, with its own reason."""
    assert "cannot be read" in problem(tokens)
    clock.time += FAILURE_CACHE_SECONDS
    secrets.value = ""
    assert "is empty" in problem(tokens)
    clock.time += FAILURE_CACHE_SECONDS - 0.1
    secrets.value = "new"
    assert "is empty" in problem(tokens)
    assert secrets.reads == 2


def test_a_value_that_became_unusable(
    secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """Somebody emptied the secret: that is told, and the old token not used on."""
    secrets.value = "old"
    tokens.current()
    secrets.value = ""
    clock.time += CACHE_SECONDS
    assert [problem(tokens), problem(tokens)] == [
        "TokenError: secret token is empty: store the API token in it"
    ] * 2
    assert secrets.reads == 2
