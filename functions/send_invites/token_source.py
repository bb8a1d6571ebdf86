"""The bearer token from Secrets Manager: cached, and read again once the API refuses it."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.token_secret import parse_value, secret_name
from invites.errors import TokenError, TokenUnavailableError
from invites.token import Token, TokenState

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient


# A rotated token is noticed at once if the API refuses the old one, and otherwise after this time.
CACHE_SECONDS = 300.0

# A token's cache ends so long before the token does: by then a newer one may be stored.
EXPIRY_MARGIN_SECONDS = 60.0

# A refused token is read again at most once in this time, by one thread for all of a batch. The
# same holds for a token that has ended and has no successor.
REFRESH_INTERVAL_SECONDS = 5.0

# A failed read is remembered for so long, so that a batch does not repeat it for each person.
FAILURE_CACHE_SECONDS = 5.0


class TokenLock(Protocol):
    """As `threading.Lock`."""

    def acquire(self, *, timeout: float) -> bool:
        """Wait for the lock; False after so many seconds. A timeout of -1 waits for ever."""

    def release(self) -> None:
        """Let the next thread have it."""


class SecretTokens:
    """Reads the token once and caches it. Safe to use from several threads.

    Args:
        client: A low-level client; threads can share it.
        secret_id: Name or ARN of the secret: a JSON object `{"token": "…"}`, with or without
            `expires_at`, or the bare token.
        monotonic: A clock in seconds that never goes back.
        now: The wall clock, epoch seconds, by which tokens end.
        lock: Held while reading. The simulation passes a lock of its own scheduler.
    """

    def __init__(
        self,
        client: "SecretsManagerClient",
        secret_id: str,
        monotonic: Callable[[], float],
        now: Callable[[], float] = time.time,
        lock: TokenLock | None = None,
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._monotonic = monotonic
        self._now = now
        # One thread reads while the others wait for what it finds.
        self._lock: TokenLock = lock or Lock()
        self._token: Token | None = None
        self._created_at: float | None = None
        self._fresh_until = 0.0
        self._refreshed_at = float("-inf")
        self._refused: str | None = None
        self._failure: TokenError | None = None
        self._failed_at = 0.0

    def current(self) -> str:
        """The token, from the cache unless the cache is old or the token is about to end.

        Raises:
            TokenError: There is none; the message names the secret and says what to do.
        """
        with self._locked():
            if self._token and self._monotonic() < self._fresh_until:
                return self._token.text
            return self._read_or_raise()

    def refresh(self, refused: str) -> str:
        """The token after the API refused one, read again unless another thread just did.

        Args:
            refused: The token that was refused.

        Raises:
            TokenError: As for `current`.
        """
        with self._locked():
            was_refreshed = self._monotonic() - self._refreshed_at < REFRESH_INTERVAL_SECONDS
            if self._token and (self._token.text != refused or was_refreshed):
                return self._token.text
            self._refreshed_at = self._monotonic()
            token = self._read_or_raise()
            if token == refused:
                self._refused = token
            return token

    def state(self, lock_timeout: float) -> TokenState | None:
        """What is known of the cached token; makes no call.

        Args:
            lock_timeout: The longest wait for a thread that is reading the token, in seconds.

        Returns:
            None if a thread reads it for longer than that.
        """
        with self._locked(lock_timeout) as is_locked:
            return self._state() if is_locked else None

    def reread(self, lock_timeout: float) -> TokenState | None:
        """As `state`, of the token read again; None also if it cannot be read just now."""
        with self._locked(lock_timeout) as is_locked:
            if not is_locked:
                return None
            try:
                self._token = self._read()
            except TokenUnavailableError:
                return None
            except TokenError as error:
                self._failure, self._failed_at = error, self._monotonic()
            return self._state()

    def clear_refusal(self) -> None:
        """Forget that the token was refused: a later call with it succeeded.

        Does not take the lock, which a reading thread may hold for long: this is one assignment.
        """
        self._refused = None

    @contextlib.contextmanager
    def _locked(self, timeout: float = -1) -> Iterator[bool]:
        is_locked = self._lock.acquire(timeout=timeout)
        try:
            yield is_locked
        finally:
            if is_locked:
                self._lock.release()

    def _state(self) -> TokenState:
        missing = self._failure and not isinstance(self._failure, TokenUnavailableError)
        if not self._token or missing:
            return TokenState(is_missing=bool(missing))
        is_refused = self._token.text == self._refused
        return TokenState(self._created_at, self._token.expires_at, is_refused)

    def _read_or_raise(self) -> str:
        if self._failure and self._monotonic() - self._failed_at < FAILURE_CACHE_SECONDS:
            # A new error each time: one that many threads raise collects all their tracebacks.
            raise type(self._failure)(str(self._failure))
        try:
            self._token = self._read()
        except TokenError as error:
            # While Secrets Manager is down the old token is used: most likely it is still good.
            if not self._token or not isinstance(error, TokenUnavailableError):
                self._failure, self._failed_at = error, self._monotonic()
                raise
            self._fresh_until = self._monotonic() + CACHE_SECONDS
        return self._token.text

    def _read(self) -> Token:
        """Read the secret, and set how long its token may be cached."""
        version = read_secret(self._client, self._secret_id)
        token = parse_value(self._secret_id, version.value)
        seconds = CACHE_SECONDS
        if token.expires_at is not None:
            seconds = min(seconds, token.expires_at - EXPIRY_MARGIN_SECONDS - self._now())
        self._fresh_until = self._monotonic() + max(seconds, REFRESH_INTERVAL_SECONDS)
        self._created_at, self._failure = version.created_at, None
        return token


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """The current version of a secret.

    Attributes:
        value: As it is stored.
        created_at: Epoch seconds; None if AWS does not say.
    """

    value: str = field(repr=False)
    created_at: float | None = None


def read_secret(client: "SecretsManagerClient", secret_id: str) -> SecretVersion:
    """Read the current version.

    Raises:
        TokenError: The secret has no value; the message names it and says what to do.
        TokenUnavailableError: It cannot be read just now.
    """
    name = secret_name(secret_id)
    try:
        answer = client.get_secret_value(SecretId=secret_id)
    except client.exceptions.ResourceNotFoundException as error:
        problem = f"secret {name} does not exist or has no value: store the API token in it"
        raise TokenError(problem) from error
    except (BotoCoreError, ClientError) as error:
        problem = f"secret {name} cannot be read: {aws_error(error)}"
        raise TokenUnavailableError(problem) from error
    created = cast("datetime | None", answer.get("CreatedDate"))
    return SecretVersion(answer.get("SecretString", ""), created.timestamp() if created else None)
