"""One HTTP call over pooled keep-alive connections: within its deadline, without a redirect."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException

import urllib3
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError

from invites.api.deadline import POOL_CLASSES, watch_call
from invites.errors import BrokenCallError, UnreachableError

# A user object is about 1 KiB. A body that is longer than this is a web page, not an answer of the
# API; it is not read to its end.
MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long one call may take, in seconds.

    Attributes:
        connect: DNS, TCP and TLS. A server on the same continent answers in well under 1 s; SYN
            packets are sent again after 1 s and after 3 s, so 4 s forgives one lost twice.
        read: Between two pieces of the answer. The API writes to a database and sends a mail
            before it answers.
        total: From the call to the last byte. An answer that drips in never exceeds `read`.
    """

    connect: float = 4.0
    read: float = 15.0
    total: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer: header names in lower case, the body cut off at the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def mute_urllib3() -> None:
    """Keep urllib3's warnings out of the process's log: they quote what a server sent.

    They quote a header that cannot be parsed and a certificate that does not fit. Lambda's runtime
    has a handler on the root logger, which gets the records of every library.
    """
    logging.getLogger("urllib3").propagate = False


class Transport:
    """Makes calls. Safe to use from several threads.

    Args:
        connections: The most connections: the number of calls side by side.
        monotonic: A clock in seconds that never goes back, for deadlines.
        now: The wall clock, epoch seconds, for a connection's idle time.
        deadlines: How long a call may take.
    """

    def __init__(
        self,
        connections: int,
        monotonic: Callable[[], float],
        now: Callable[[], float],
        deadlines: Deadlines | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._now = now
        self._deadlines = deadlines or Deadlines()
        # block: never more connections than `connections`, whatever the number of threads.
        self._pool = urllib3.PoolManager(maxsize=connections, block=True)
        self._pool.pool_classes_by_scheme = POOL_CLASSES

    def call(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        """Call once: no retry, no redirect.

        Redirects are not followed: a 303 turns the POST into a GET that can answer 200, a false
        success, and a 302 carries the bearer token to wherever it points.

        Raises:
            UnreachableError: No connection was made, so the call had no effect.
            BrokenCallError: There is no complete answer; the call may have had its effect.
        """
        ends = self._monotonic() + self._deadlines.total
        with watch_call(ends, self._monotonic, self._now) as call:
            try:
                return self._request(method, url, headers, body)
            except (HTTPError, HTTPException, OSError) as error:
                if call.was_sent:
                    raise BrokenCallError(f"no complete answer: {_kind(error)}") from error
                raise UnreachableError(f"no connection: {_kind(error)}") from error
            except (ValueError, OverflowError) as error:
                # http.client raises these for a broken answer, such as a chunk of size -5. Before
                # anything was sent they are mistakes of our own.
                if not call.was_sent:
                    raise
                raise BrokenCallError(f"no complete answer: {_kind(error)}") from error

    def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None
    ) -> Answer:
        response = self._pool.request(
            method,
            url,
            body=body,
            # Without Accept a Laravel application answers a refusal with a redirect.
            headers={"Accept": "application/json", **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=self._deadlines.connect, read=self._deadlines.read),
        )
        try:
            if response.status < HTTPStatus.OK:
                # RFC 9110, 15.2: the answer is still to come; http.client skips a 100 alone.
                raise ProtocolError("not the final answer")
            # One byte over the limit, so that an answer of just that length is read to its end.
            content = response.read(MAX_ANSWER_BYTES + 1)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, names, content[:MAX_ANSWER_BYTES])
        finally:
            # A response that was read to its end has returned its connection to the pool. With
            # anything left to read the connection cannot be used again, but its place can.
            response.close()
            response.release_conn()


def _kind(error: Exception) -> str:
    """The error's type. Its own text names hosts and may quote what was read."""
    # The cause of a DecodeError is an error of zlib, whose type is named "error".
    cause = None if isinstance(error, DecodeError) else error.__cause__
    return type(cause or error).__name__
