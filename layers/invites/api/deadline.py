"""Connections that keep to the deadline of a whole HTTP call, and are not used after a long rest.

A read timeout is per read from the socket: an answer that drips, headers or body, never trips it.
So each read here is given only what is left of the call's time.
"""

import contextlib
import http.client
import io
import socket
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

# A firewall or NAT that has forgotten an idle connection drops what is sent over it without an
# answer, and the call ends at its read timeout. AWS's own forget after 60 s at the earliest
# (Network Firewall, FlowTimeouts; EC2, ConnectionTrackingSpecificationRequest). Within a backlog
# batches follow each other faster than this.
MAX_IDLE_SECONDS = 15.0

# Headers and body of an answer, as they come over the wire: far more than any that is read to its
# end. Else what has no end would fill the memory until the call's time is over, as a chunk of size
# -1, which http.client reads until the connection is closed.
MAX_RAW_BYTES = 1024 * 1024


@dataclass(slots=True)
class Call:
    """The call that the current thread is making.

    Attributes:
        ends: When its time is over, by `monotonic`.
        monotonic: A clock in seconds that never goes back.
        now: The wall clock, epoch seconds.
        was_sent: Whether any of the request may have reached the server.
    """

    ends: float
    monotonic: Callable[[], float]
    now: Callable[[], float]
    was_sent: bool = False


_current: ContextVar[Call | None] = ContextVar("call", default=None)


@contextlib.contextmanager
def watch_call(
    ends: float, monotonic: Callable[[], float], now: Callable[[], float]
) -> Iterator[Call]:
    """Hold the HTTP call that is made inside to its deadline."""
    call = Call(ends, monotonic, now)
    mark = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(mark)


class _DeadlineReader(io.RawIOBase):
    """Reads an answer from a socket, each time for no longer than is left of the current call."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._socket = sock
        self._bytes_left = MAX_RAW_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        call = _current.get()
        timeout = self._socket.gettimeout()
        if call is not None:
            left = call.ends - call.monotonic()
            if left <= 0:
                raise TimeoutError("the call's time is over")
            self._socket.settimeout(left if timeout is None else min(timeout, left))
        try:
            return self._count(self._raw.readinto(buffer))
        finally:
            self._socket.settimeout(timeout)

    def _count(self, size: int | None) -> int | None:
        self._bytes_left -= size or 0
        if self._bytes_left < 0:
            raise http.client.HTTPException("the answer has no end")
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock))


class _HttpConnection(HTTPConnection):
    """Connects before it sends, to tell the one's failure from the other's."""

    response_class = _Response
    # Epoch seconds of the last request. Who waits long for an answer rests as well.
    _sent_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the pool may hand out the connection as it is; else it has it connect again.

        The wall clock counts, since it goes on while Lambda has frozen the process. Where that
        clock has been set back, nobody knows how long the connection was idle.
        """
        call = _current.get()
        idle = call.now() - self._sent_at if call else 0.0
        return super().is_connected and 0 <= idle <= MAX_IDLE_SECONDS

    def send(self, data: Any) -> None:  # noqa: ANN401 - whatever http.client takes
        if self.sock is None:
            self.connect()
        if call := _current.get():
            if call.monotonic() >= call.ends:
                # DNS has no time-out, and connecting has one for each address.
                raise TimeoutError("the call's time was over before it was sent")
            call.was_sent, self._sent_at = True, call.now()
        super().send(data)


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


# For `PoolManager.pool_classes_by_scheme`.
POOL_CLASSES: dict[str, type[urllib3.HTTPConnectionPool]] = {
    "http": _HttpPool,
    "https": _HttpsPool,
}
