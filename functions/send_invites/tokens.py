"""The bearer token, from Secrets Manager."""

import json
import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from invites.errors import TokenError, TokenUnavailableError
from send_invites.aws_errors import aws_error

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

# A rotated token is noticed at once if the old one is refused, and after this if it is not.
CACHE_SECONDS = 300.0

# Of all who are refused at the same time, one reads the token anew for all.
RENEW_SECONDS = 5.0

# Nor does everybody find out by a call of their own that the secret cannot be read.
FAILURE_SECONDS = 5.0

# RFC 6750, section 2.1, and the bar that Sanctum puts between a token's id and its secret.
_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/|-]+=*")


class SecretTokens:
    """Reads the token once and keeps it for a while. Safe to use from several threads.

    Args:
        client: A low-level client; those can be shared between threads.
        secret_id: Name or ARN of the secret: a JSON object `{"token": "…"}`, or the bare token.
        monotonic: A clock in seconds that never goes back.
    """

    def __init__(
        self, client: "SecretsManagerClient", secret_id: str, monotonic: Callable[[], float]
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._monotonic = monotonic
        # Held while reading: one thread reads, the others wait for what it finds.
        self._lock = Lock()
        self._token: str | None = None
        self._read_at = 0.0
        self._renewed_at = float("-inf")
        self._failure: TokenError | None = None
        self._failed_at = 0.0

    def current(self) -> str:
        """The token, from the cache if it was read lately.

        Raises:
            TokenError: There is none; the message names the secret and says what to do.
        """
        with self._lock:
            if self._token and self._monotonic() - self._read_at < CACHE_SECONDS:
                return self._token
            return self._read()

    def renew(self, refused: str) -> str:
        """The token, read anew unless another thread has done so since it was refused.

        Raises:
            TokenError: As for `current`.
        """
        with self._lock:
            was_renewed = self._monotonic() - self._renewed_at < RENEW_SECONDS
            if self._token and (self._token != refused or was_renewed):
                return self._token
            self._renewed_at = self._monotonic()
            return self._read()

    def _read(self) -> str:
        if self._failure and self._monotonic() - self._failed_at < FAILURE_SECONDS:
            # A new one: an error that is raised by many threads collects all their tracebacks.
            raise type(self._failure)(str(self._failure))
        try:
            self._token = parse_token(self._secret_id, self._fetch())
        except TokenError as error:
            # A stale token is better than none: most likely it is still good.
            if not self._token or not isinstance(error, TokenUnavailableError):
                self._failure, self._failed_at = error, self._monotonic()
                raise
        self._read_at = self._monotonic()
        return self._token

    def _fetch(self) -> str:
        name = secret_name(self._secret_id)
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id)
        except self._client.exceptions.ResourceNotFoundException as error:
            problem = f"secret {name} does not exist or has no value: store the API token in it"
            raise TokenError(problem) from error
        except (BotoCoreError, ClientError) as error:
            problem = f"secret {name} cannot be read: {aws_error(error)}"
            raise TokenUnavailableError(problem) from error
        return answer.get("SecretString", "")


def parse_token(secret_id: str, secret: str) -> str:
    """Take the token out of the secret's value.

    Raises:
        TokenError: It is empty, or not what it should be. The message holds nothing of it.
    """
    name, text = secret_name(secret_id), secret.strip()
    if not text:
        raise TokenError(f"secret {name} is empty: store the API token in it")
    token = _token_field(name, text) if text.startswith("{") else text
    if not _BEARER_TOKEN.fullmatch(token):
        raise TokenError(f"secret {name} holds something that cannot be a bearer token")
    return token


def _token_field(name: str, text: str) -> str:
    try:
        token = json.loads(text).get("token")
    except (ValueError, RecursionError):
        # `from None`: the decoder's error carries the text, and the text is a secret.
        raise TokenError(f"secret {name} starts with a brace but is not JSON") from None
    if not isinstance(token, str) or not token.strip():
        raise TokenError(f"secret {name} has no text in its field `token`")
    return token.strip()


def secret_name(secret_id: str) -> str:
    """The secret's name, of a name or an ARN (which ends in the name and six characters)."""
    return secret_id.rsplit(":", 1)[-1]
