"""send_invites.token_source: when the secret is read, and what is known of its token."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

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
from support.secrets_manager import FakeSecretsManager, refusal

ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:signup-token-AbCdEf"
NAME = "signup-token-AbCdEf"
CREATED = NOW - 3600
THREADS = 20
# Where no other thread reads the token.
NO_WAIT = 0.0


class Secret:
    """The token secret, which a test may change or make unreadable."""

    def __init__(self) -> None:
        self.client = FakeSecretsManager()

    @property
    def reads(self) -> int:
        """How often it was read."""
        return self.client.count("GetSecretValue")

    def store(self, value: str) -> None:
        """Store a value; it can be read again."""
        self.client.errors.clear()
        self.client.store(ARN, value, CREATED)

    def store_token(self, token: str, seconds_left: float) -> None:
        """Store a token that ends in so many seconds."""
        self.store(f'{{"token": "{token}", "expires_at": "{format_time(NOW + seconds_left)}"}}')

    def fail(self, error: Exception | None = None) -> None:
        """From now on it cannot be read."""
        error = error or refusal("GetSecretValue", "InternalServiceError")
        self.client.errors["GetSecretValue"] = error


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands still."""
    return VirtualClock()


@pytest.fixture
def secret() -> Secret:
    """A secret with a token."""
    secret = Secret()
    secret.store("old")
    return secret


@pytest.fixture
def tokens(secret: Secret, clock: VirtualClock) -> SecretTokens:
    """What is tested."""
    return SecretTokens(cast("Any", secret.client), ARN, clock.now, clock.now)


def in_threads(call: Callable[[], str]) -> list[str]:
    """Call in many threads at the same moment."""
    barrier = Barrier(THREADS, timeout=30)

    def wait_and_call(_: int) -> str:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(wait_and_call, range(THREADS)))


def problem(tokens: SecretTokens) -> str:
    """Why there is no token."""
    with pytest.raises(TokenError) as caught:
        tokens.current()
    return f"{type(caught.value).__name__}: {caught.value}"


# The cache.


def test_secret_is_read_at_first_use_and_when_the_cache_is_old(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    assert secret.reads == 0
    assert [tokens.current(), tokens.current()] == ["old", "old"]
    clock.time += CACHE_SECONDS - 1
    secret.store("new")
    assert (tokens.current(), secret.reads) == ("old", 1)
    clock.time += 1
    assert (tokens.current(), secret.reads) == ("new", 2)


def test_first_batch_of_an_environment_reads_the_secret_once(
    secret: Secret, tokens: SecretTokens
) -> None:
    assert in_threads(tokens.current) == ["old"] * THREADS
    assert secret.reads == 1


def test_refused_token_is_read_again_at_once(secret: Secret, tokens: SecretTokens) -> None:
    """So a rotation is noticed at the first refusal, and its token is cached."""
    tokens.current()
    secret.store("new")
    assert tokens.refresh(refused="old") == "new"
    assert (tokens.current(), secret.reads) == ("new", 2)


@pytest.mark.parametrize("stored", ["new", "old"], ids=["rotated", "the same"])
def test_one_thread_reads_a_refused_token_again_for_all(
    secret: Secret, tokens: SecretTokens, stored: str
) -> None:
    tokens.current()
    secret.store(stored)
    assert in_threads(lambda: tokens.refresh(refused="old")) == [stored] * THREADS
    assert secret.reads == 2


def test_token_that_stays_is_read_again_at_a_refusal_some_seconds_later(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    tokens.current()
    tokens.refresh(refused="old")
    clock.time += REFRESH_INTERVAL_SECONDS
    secret.store("new")
    assert tokens.refresh(refused="old") == "new"


def test_token_is_read_again_a_margin_before_its_end(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    secret.store_token("old", seconds_left=200)
    tokens.current()
    secret.store_token("new", seconds_left=20_000)
    clock.time += 200 - EXPIRY_MARGIN_SECONDS - 1
    assert (tokens.current(), secret.reads) == ("old", 1)
    clock.time += 1
    assert (tokens.current(), secret.reads) == ("new", 2)


def test_token_with_a_long_life_is_cached_no_longer_than_others(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    secret.store_token("old", seconds_left=20_000)
    tokens.current()
    clock.time += CACHE_SECONDS
    tokens.current()
    assert secret.reads == 2


def test_token_that_has_ended_is_used_and_not_read_for_each_call(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """The API decides whether it has ended."""
    secret.store_token("old", seconds_left=-10)
    assert [tokens.current() for _ in range(5)] == ["old"] * 5
    assert secret.reads == 1
    clock.time += REFRESH_INTERVAL_SECONDS
    tokens.current()
    assert secret.reads == 2


# The secret cannot be read, or holds no token.


def test_secret_without_a_value_says_what_to_do(clock: VirtualClock) -> None:
    """The stack creates it so."""
    tokens = SecretTokens(cast("Any", FakeSecretsManager()), ARN, clock.now)
    what_to_do = "does not exist or has no value: store the API token in it"
    assert problem(tokens) == f"TokenError: secret {NAME} {what_to_do}"


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (refusal("GetSecretValue", "AccessDeniedException"), "AccessDeniedException"),
        (EndpointConnectionError(endpoint_url="https://marked"), "EndpointConnectionError"),
    ],
)
def test_secret_that_cannot_be_read_is_named_with_aws_error(
    secret: Secret, tokens: SecretTokens, error: Exception, word: str
) -> None:
    """In one word: AWS's own text is not logged."""
    secret.fail(error)
    assert problem(tokens) == f"TokenUnavailableError: secret {NAME} cannot be read: {word}"


def test_failed_read_is_repeated_after_some_seconds(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    secret.fail()
    assert "cannot be read" in problem(tokens)
    secret.store("new")
    clock.time += FAILURE_CACHE_SECONDS - 0.1
    assert "cannot be read" in problem(tokens)
    assert secret.reads == 1
    clock.time += 0.1
    assert (tokens.current(), secret.reads) == ("new", 2)


def test_one_failed_read_is_the_answer_for_all_threads(
    secret: Secret, tokens: SecretTokens
) -> None:
    secret.fail()
    expected = f"TokenUnavailableError: secret {NAME} cannot be read: InternalServiceError"
    assert in_threads(lambda: problem(tokens)) == [expected] * THREADS
    assert secret.reads == 1


@pytest.mark.parametrize("value", ["", "not a token", "{"])
def test_value_without_a_token_is_not_read_for_each_person(
    secret: Secret, tokens: SecretTokens, value: str
) -> None:
    secret.store(value)
    assert problem(tokens) == problem(tokens)
    assert secret.reads == 1


def test_each_failure_is_remembered_with_its_own_reason(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    secret.fail()
    assert "cannot be read" in problem(tokens)
    clock.time += FAILURE_CACHE_SECONDS
    secret.store("")
    assert "is empty" in problem(tokens)
    clock.time += FAILURE_CACHE_SECONDS - 0.1
    secret.store("new")
    assert "is empty" in problem(tokens)
    assert secret.reads == 2


def test_old_token_is_used_while_the_secret_cannot_be_read(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    """Most likely it is still good; and the secret is not read for each call."""
    tokens.current()
    secret.fail()
    clock.time += CACHE_SECONDS
    assert [tokens.current(), tokens.current()] == ["old", "old"]
    assert secret.reads == 2
    assert tokens.refresh(refused="old") == "old"


def test_old_token_is_not_used_once_the_secret_was_emptied(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    tokens.current()
    secret.store("")
    clock.time += CACHE_SECONDS
    empty = f"TokenError: secret {NAME} is empty: store the API token in it"
    assert [problem(tokens), problem(tokens)] == [empty] * 2
    assert secret.reads == 2


# What is known of the token.


def test_state_tells_when_the_token_began_and_ends_and_whether_it_is_refused(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    assert tokens.state(NO_WAIT) == TokenState()
    secret.store_token("one", seconds_left=5000)
    tokens.current()
    assert tokens.state(NO_WAIT) == TokenState(CREATED, NOW + 5000)
    tokens.refresh(refused="one")
    assert tokens.state(NO_WAIT) == TokenState(CREATED, NOW + 5000, is_refused=True)
    tokens.clear_refusal()
    assert tokens.state(NO_WAIT) == TokenState(CREATED, NOW + 5000)
    clock.time += REFRESH_INTERVAL_SECONDS
    tokens.refresh(refused="one")
    secret.store_token("two", seconds_left=5000)
    assert tokens.reread(NO_WAIT) == TokenState(CREATED, NOW + 5000)


def test_token_that_replaced_a_refused_one_is_not_refused(
    secret: Secret, tokens: SecretTokens
) -> None:
    tokens.current()
    secret.store("new")
    assert tokens.refresh(refused="old") == "new"
    assert tokens.state(NO_WAIT) == TokenState(CREATED)


def test_missing_token_is_forgotten_once_there_is_one(
    secret: Secret, tokens: SecretTokens, clock: VirtualClock
) -> None:
    secret.store("{}")
    assert "has no text" in problem(tokens)
    assert tokens.state(NO_WAIT) == TokenState(is_missing=True)
    secret.store("new")
    clock.time += FAILURE_CACHE_SECONDS
    tokens.current()
    assert tokens.state(NO_WAIT) == TokenState(CREATED)


def test_reread_knows_an_emptied_secret_and_nothing_while_it_cannot_be_read(
    secret: Secret, tokens: SecretTokens
) -> None:
    tokens.current()
    secret.fail()
    assert tokens.reread(NO_WAIT) is None
    secret.store(" ")
    assert tokens.reread(NO_WAIT) == TokenState(is_missing=True)
