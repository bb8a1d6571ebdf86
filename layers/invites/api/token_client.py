"""The calls about tokens: exchange key and secret for a token, and try whether a token works."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from invites.api.transport import Answer, Deadlines, Transport
from invites.errors import BrokenCallError, CallError, CredentialsError, TokenApiError
from invites.token import Token, is_bearer, parse_time

TOKEN_PATH = "/api/v1/token"  # noqa: S105 - a path, not a password
COUNTRIES_PATH = "/api/v1/countries"

# The characters that HTTP carries in a header as they are. For others urllib3 would raise an error
# that quotes the secret.
_HEADER_TEXT = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The organisation's key and secret, and the name of the AWS secret that holds them."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    secret_name: str


def is_sendable(text: str) -> bool:
    """Whether HTTP can carry the text in a header."""
    return _HEADER_TEXT.fullmatch(text) is not None


class TokenApi:
    """Makes the calls.

    Args:
        base_url: As `https://enterprise.spacemedia.uk`, without a trailing slash.
        monotonic: A clock in seconds that never goes back, for deadlines.
        now: The wall clock, epoch seconds, which tells how long a connection was idle.
        deadlines: How long a call may take.
    """

    def __init__(
        self,
        base_url: str,
        monotonic: Callable[[], float],
        now: Callable[[], float],
        deadlines: Deadlines | None = None,
    ) -> None:
        self._base_url = base_url
        self._transport = Transport(1, monotonic, now, deadlines)

    def exchange(self, credentials: Credentials) -> Token:
        """Get a new token. Earlier ones stay valid.

        Raises:
            CredentialsError: The API refuses key and secret.
            TokenApiError: No token came; if `is_orphan_possible`, the API may have made one.
        """
        # The only place from which key and secret leave.
        headers = {"X-Api-Key": credentials.api_key, "X-Api-Secret": credentials.api_secret}
        answer = self._call("POST", TOKEN_PATH, headers)
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise CredentialsError(
                f"the API refuses key and secret ({answer.status}): "
                f"store valid ones in secret {credentials.secret_name}"
            )
        return _token(answer)

    def accepts(self, token: Token) -> bool:
        """Whether the API accepts the token, by a read that changes nothing.

        Raises:
            TokenApiError: The answer does not tell.
        """
        headers = {"Authorization": f"Bearer {token.text}"}
        answer = self._call("GET", COUNTRIES_PATH, headers)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return False
        _json_object(answer, f"GET {COUNTRIES_PATH}")
        return True

    def _call(self, method: str, path: str, headers: dict[str, str]) -> Answer:
        try:
            return self._transport.call(method, self._base_url + path, headers)
        except CallError as error:
            orphan = isinstance(error, BrokenCallError)
            raise TokenApiError(f"{method} {path}: {error}", is_orphan_possible=orphan) from error


def _token(answer: Answer) -> Token:
    what = f"POST {TOKEN_PATH}"
    content = _json_object(answer, what)
    text = content.get("token")
    if not isinstance(text, str) or not is_bearer(text):
        raise _undocumented(what, "no bearer token in its field `token`")
    try:
        return Token(text, parse_time(content.get("expires_at")))
    except ValueError as error:
        raise _undocumented(what, "neither a time nor null in its field `expires_at`") from error


def _json_object(answer: Answer, what: str) -> dict[str, object]:
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise TokenApiError(f"{what} was answered with {answer.status}")
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        # `from None`: the decoder's error carries the answer, which may hold a token.
        raise _undocumented(what, "no JSON") from None
    if not isinstance(content, dict):
        raise _undocumented(what, "no JSON object")
    return content


def _undocumented(what: str, problem: str) -> TokenApiError:
    text = f"{what} was answered with {problem}: is ApiBaseUrl right?"
    return TokenApiError(text, is_orphan_possible=True)
