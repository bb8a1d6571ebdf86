"""send_invites.token_source: when the secret is read, and when not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from send_invites.token_source import CACHE_SECONDS, REFRESH_INTERVAL_SECONDS, SecretTokens
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
    """A secret with a token."""
    return FakeSecrets(aws, "old")


@pytest.fixture
def tokens(secrets: FakeSecrets, clock: VirtualClock) -> SecretTokens:
    """What is tested."""
    return SecretTokens(cast("SecretsManagerClient", secrets), "token", clock.now)


def test_the_cache(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """The secret is read at first use, and again when the cache is old."""
    assert secrets.reads == 0
    assert [tokens.current(), tokens.current()] == ["old", "old"]
    clock.time += CACHE_SECONDS - 1
    secrets.value = "new"
    assert (tokens.current(), secrets.reads) == ("old", 1)
    clock.time += 1
    assert (tokens.current(), secrets.reads) == ("new", 2)


def test_a_refused_token_is_read_anew(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """A rotation is noticed at the first refusal, and its token is kept."""
    tokens.current()
    secrets.value = "new"
    assert tokens.refresh(refused="old") == "new"
    assert (tokens.current(), secrets.reads) == ("new", 2)


def test_many_threads_renew_once(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """After a rotation a whole batch is refused at once: one thread reads for all."""
    tokens.current()
    secrets.value = "new"
    barrier = Barrier(THREADS, timeout=30)

    def renew(_: int) -> str:
        barrier.wait()
        return tokens.refresh(refused="old")

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(renew, range(THREADS))) == ["new"] * THREADS
    assert secrets.reads == 2


def test_many_threads_with_a_token_that_stays(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """Of those who are refused together one reads anew, also if the secret has not changed."""
    tokens.current()
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda _: tokens.refresh(refused="old"), range(THREADS)))
    assert (found, secrets.reads) == (["old"] * THREADS, 2)


def test_a_later_refusal(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """A token that stays is read anew at a refusal some seconds later."""
    tokens.current()
    tokens.refresh(refused="old")
    clock.time += REFRESH_INTERVAL_SECONDS
    secrets.value = "new"
    assert tokens.refresh(refused="old") == "new"


def test_a_refusal_while_it_cannot_be_read(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """While Secrets Manager is down, the refused token is the only one there is."""
    tokens.current()
    secrets.value = None
    assert tokens.refresh(refused="old") == "old"


def test_many_threads_read_once(secrets: FakeSecrets, tokens: SecretTokens) -> None:
    """The first batch of a new environment reads the secret once."""
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda _: tokens.current(), range(THREADS)))
    assert (found, secrets.reads) == (["old"] * THREADS, 1)


def test_a_stale_token(secrets: FakeSecrets, tokens: SecretTokens, clock: VirtualClock) -> None:
    """While Secrets Manager is down the last token is used, and is not asked for each time."""
    tokens.current()
    secrets.value = None
    clock.time += CACHE_SECONDS
    assert [tokens.current(), tokens.current()] == ["old", "old"]
    assert secrets.reads == 2
