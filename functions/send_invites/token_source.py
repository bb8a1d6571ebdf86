"""The bearer token, from Secrets Manager."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.token_secret import parse_token, parse_value, secret_name
from invites.errors import TokenError, TokenUnavailableError
from invites.token import Token, TokenState

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """The current version of a secret.

    Attributes:
        value: As it is stored.
        created_at: Epoch seconds; None if it is not told.
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


__all__ = [
    "CACHE_SECONDS",
    "REFRESH_INTERVAL_SECONDS",
    "SecretTokens",
    "parse_token",
    "secret_name",
]

# A rotated token is noticed at once if the old one is refused, and after this if it is not.
CACHE_SECONDS = 300.0

# So long before its end a token is used no more without looking for a newer one.
EXPIRY_MARGIN_SECONDS = 60.0

# Of all who are refused at the same time, one reads the token anew for all. Nor is one that has
# ended, and has no successor, read for each call.
REFRESH_INTERVAL_SECONDS = 5.0

# Nor does everybody find out by a call of their own that the secret cannot be read.
FAILURE_CACHE_SECONDS = 5.0


class TokenLock(Protocol):
    """As `threading.Lock`."""

    def acquire(self, *, timeout: float) -> bool:
        """Wait for the lock; False if it took longer. A time-out of -1 is none."""

    def release(self) -> None:
        """Let the next one have it."""


class SecretTokens:
    """Reads the token once and keeps it for a while. Safe to use from several threads.

    Args:
        client: A low-level client; those can be shared between threads.
        secret_id: Name or ARN of the secret: a JSON object `{"token": "…"}`, with or without
            `expires_at`, or the bare token.
        monotonic: A clock in seconds that never goes back.
        now: The wall clock, epoch seconds, by which tokens end.
        lock: Held while reading, unless a scheduler of one's own needs one of its own.
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
        # Held while reading: one thread reads, the others wait for what it finds.
        self._lock: TokenLock = lock or Lock()
        self._token: Token | None = None
        self._created_at: float | None = None
        self._fresh_until = 0.0
        self._refreshed_at = float("-inf")
        self._refused: str | None = None
        self._failure: TokenError | None = None
        self._failed_at = 0.0

    def current(self) -> str:
        """The token, from the cache if it was read lately and does not end soon.

        Raises:
            TokenError: There is none; the message names the secret and says what to do.
        """
        with self._locked():
            if self._token and self._monotonic() < self._fresh_until:
                return self._token.text
            return self._read()

    def refresh(self, refused: str) -> str:
        """The token, read anew unless another thread has done so since it was refused.

        Raises:
            TokenError: As for `current`.
        """
        with self._locked():
            was_renewed = self._monotonic() - self._refreshed_at < REFRESH_INTERVAL_SECONDS
            if self._token and (self._token.text != refused or was_renewed):
                return self._token.text
            self._refreshed_at = self._monotonic()
            token = self._read()
            if token == refused:
                self._refused = token
            return token

    def state(self, lock_timeout: float) -> TokenState | None:
        """What is known of the token; asks nobody.

        Args:
            lock_timeout: The longest to wait for a thread that is reading it, in seconds.

        Returns:
            None if a thread reads it for longer than that.
        """
        with self._locked(lock_timeout) as is_held:
            return self._state() if is_held else None

    def reread(self, lock_timeout: float) -> TokenState | None:
        """As `state`, but of the token read anew; None also if it cannot be read just now."""
        with self._locked(lock_timeout) as is_held:
            if not is_held:
                return None
            try:
                self._token = self._keep(read_secret(self._client, self._secret_id))
            except TokenUnavailableError:
                return None
            except TokenError as error:
                self._failure, self._failed_at = error, self._monotonic()
            return self._state()

    def clear_refusal(self) -> None:
        """The API has taken the token: whatever was refused with it, the token was not why.

        Without the lock, which may be held for long: one assignment needs none.
        """
        self._refused = None

    @contextlib.contextmanager
    def _locked(self, seconds: float = -1) -> Iterator[bool]:
        is_held = self._lock.acquire(timeout=seconds)
        try:
            yield is_held
        finally:
            if is_held:
                self._lock.release()

    def _state(self) -> TokenState:
        missing = self._failure and not isinstance(self._failure, TokenUnavailableError)
        if not self._token or missing:
            return TokenState(is_missing=bool(missing))
        is_refused = self._token.text == self._refused
        return TokenState(self._created_at, self._token.expires_at, is_refused)

    def _read(self) -> str:
        if self._failure and self._monotonic() - self._failed_at < FAILURE_CACHE_SECONDS:
            # A new one: an error that is raised by many threads collects all their tracebacks.
            raise type(self._failure)(str(self._failure))
        try:
            self._token = self._keep(read_secret(self._client, self._secret_id))
        except TokenError as error:
            # A stale token is better than none: most likely it is still good.
            if not self._token or not isinstance(error, TokenUnavailableError):
                self._failure, self._failed_at = error, self._monotonic()
                raise
            self._fresh_until = self._monotonic() + CACHE_SECONDS
        return self._token.text

    def _keep(self, stored: SecretVersion) -> Token:
        """Take the token out of what was read, and keep it for as long as it may be kept."""
        token = parse_value(self._secret_id, stored.value)
        keep = CACHE_SECONDS
        if token.expires_at is not None:
            keep = min(keep, token.expires_at - EXPIRY_MARGIN_SECONDS - self._now())
        self._fresh_until = self._monotonic() + max(keep, REFRESH_INTERVAL_SECONDS)
        self._created_at, self._failure = stored.created_at, None
        return token
