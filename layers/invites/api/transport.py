"""One HTTP call: over pooled keep-alive connections, within its time, without a redirect."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException

import urllib3
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError

from invites.api.deadline import POOL_CLASSES, watch_call
from invites.errors import BrokenCallError, UnreachableError

# A user object is about 1 KiB. What is longer than this is a page, not an answer, and need not
# be read to its end to know that.
MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long one call may take, in seconds.

    Attributes:
        connect: DNS, TCP and TLS. A server in the same continent answers in well under 1 s;
            SYN packets are sent again after 1 s and after 3 s, so 4 s forgives one lost twice.
        read: Between two pieces of the answer. The API writes to a database and sends a mail
            before it answers.
        total: From the call to the last byte: a dripping answer never trips `read`.
    """

    connect: float = 4.0
    read: float = 15.0
    total: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer; header names are in lower case, the body is cut at the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def mute_urllib3() -> None:
    """Keep urllib3's warnings out of the log of the process: they quote what a server sent.

    A header that cannot be parsed is quoted, and so is a certificate that does not fit. Lambda's
    runtime has a handler on the root logger, which gets the records of every library.
    """
    logging.getLogger("urllib3").propagate = False


class Transport:
    """Makes calls. Safe to use from several threads.

    Args:
        connections: How many are kept open: the number of calls side by side.
        monotonic: A clock in seconds that never goes back, for deadlines.
        now: The wall clock, epoch seconds, for how long a connection was idle.
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
        # block: never more connections than agreed, whatever the number of threads.
        self._pool = urllib3.PoolManager(maxsize=connections, block=True)
        self._pool.pool_classes_by_scheme = POOL_CLASSES

    def call(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        """Call once: no retry, no redirect.

        Redirects are not followed: a 303 turns the POST into a GET that can answer 200, a false
        success, and a 302 carries the bearer token to wherever it points.

        Raises:
            UnreachableError: No connection was made; the call surely had no effect.
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
                # http.client takes the size of a chunk for what it is, also if it is -5. All other
                # errors, and these before anything was sent, are mistakes of our own.
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
            # One byte more than is allowed tells a long answer from the longest.
            content = response.read(MAX_ANSWER_BYTES + 1)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, names, content[:MAX_ANSWER_BYTES])
        finally:
            # After the whole answer the response has given its connection back. With anything
            # left to read the connection cannot be used again, but its place in the pool can.
            response.close()
            response.release_conn()


def _kind(error: Exception) -> str:
    """What went wrong in a word. An error's own text names hosts, and may quote what was read."""
    # The cause of a DecodeError is zlib's, whose name is "error".
    cause = None if isinstance(error, DecodeError) else error.__cause__
    return type(cause or error).__name__
