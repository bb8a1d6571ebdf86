"""The deadline of a whole HTTP call, and the longest idle time of a connection.

A read timeout holds for one read from the socket, so an answer that drips in, headers or body,
never exceeds it. Each read here gets only what is left of the call's time.
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

# A firewall or NAT that has forgotten an idle connection silently drops what is sent over it, and
# the call ends at its read timeout. AWS's own forget after 60 s at the earliest (Network Firewall,
# FlowTimeouts; EC2, ConnectionTrackingSpecificationRequest). In a backlog batches follow each other
# faster than this, so their connections are used again.
MAX_IDLE_SECONDS = 15.0

# Headers and body of an answer, as they come over the wire: far more than any that is read to its
# end. Without this limit an endless answer would fill the memory until the call's deadline. A chunk
# of size -1 is one: http.client reads it until the connection is closed.
MAX_RAW_BYTES = 1024 * 1024


@dataclass(slots=True)
class Call:
    """The call that the current thread is making.

    Attributes:
        ends: Its deadline, by `monotonic`.
        monotonic: A clock in seconds that never goes back.
        now: The wall clock, epoch seconds.
        was_sent: Whether any byte of the request may have reached the server.
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
    """Hold the HTTP call that is made in the `with` block to its deadline."""
    call = Call(ends, monotonic, now)
    mark = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(mark)


class _DeadlineReader(io.RawIOBase):
    """Reads an answer from a socket; each read ends by the deadline of the current call."""

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
    """Connects before it sends, so that a failure to connect is known as one."""

    response_class = _Response
    # Epoch seconds of the last request. Waiting long for an answer is idle time as well.
    _sent_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the pool may use the connection as it is; if not, it connects again.

        The idle time is by the wall clock, which goes on while Lambda has frozen the process. If
        that clock was set back, the idle time is unknown and the connection is not used.
        """
        call = _current.get()
        idle = call.now() - self._sent_at if call else 0.0
        return super().is_connected and 0 <= idle <= MAX_IDLE_SECONDS

    def send(self, data: Any) -> None:  # noqa: ANN401 - whatever http.client takes
        if self.sock is None:
            self.connect()
        if call := _current.get():
            if call.monotonic() >= call.ends:
                # DNS has no time-out, and connecting has one for each address of the host.
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
