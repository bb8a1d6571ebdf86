"""A server that sends bytes as they are, and whose idle connections can die silently."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, Thread

USER = b'{"data": [{"email": "ada@example.test"}]}'


def created(body: bytes = USER, *headers: bytes) -> bytes:
    """A whole answer with status 201, with its length and these headers."""
    lines = [b"HTTP/1.1 201 Created", b"Content-Length: %d" % len(body), *headers, b"", body]
    return b"\r\n".join(lines)


@dataclass
class RawServer:
    """A server, run by `raw_server`.

    Attributes:
        answer: What each request is answered with, byte for byte.
        closes: Whether a connection is closed after its first answer.
        idle: Seconds after an answer in which a connection without a request dies: it stays open,
            but nothing is read or answered on it any more, as behind a NAT that has forgotten it.
        tls: Given, the server speaks TLS.
        connections: How many were opened.
        dead: How many of them are dead.
    """

    answer: bytes = created()
    closes: bool = False
    idle: float = 60.0
    tls: ssl.SSLContext | None = None
    connections: int = 0
    dead: int = 0
    _listener: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=100)
    )
    _ended: Event = field(default_factory=Event)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its base URL."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections for as long as it listens."""
        threads: list[Thread] = []
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threads.append(Thread(target=self._answer_all, args=(connection,)))
                threads[-1].start()
        for thread in threads:
            thread.join()

    def stop_listening(self) -> None:
        """Take no more connections; open connections stay open."""
        with contextlib.suppress(OSError):
            # Closing alone does not end `accept`.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def end(self) -> None:
        """Let go of all connections."""
        self._ended.set()
        for stream in self._open:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)

    def _answer_all(self, connection: socket.socket) -> None:
        # The client may be gone.
        with contextlib.suppress(OSError), self._stream(connection) as stream:
            self._open.append(stream)
            while not self._ended.is_set() and self._read_request(stream):
                stream.sendall(self.answer)
                if self.closes:
                    return
                stream.settimeout(self.idle)

    def _stream(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _read_request(self, stream: socket.socket) -> bool:
        """Read a whole request, head and body; False if none comes."""
        received = b""
        while not _is_whole(received):
            try:
                piece = stream.recv(65536)
            except TimeoutError:
                self.dead += 1
                self._ended.wait()
                return False
            if not piece:
                return False
            received += piece
        return True


def _is_whole(request: bytes) -> bool:
    head, end, body = request.lower().partition(b"\r\n\r\n")
    _, _, length = head.partition(b"content-length: ")
    return bool(end) and len(body) >= int(length.split(b"\r\n")[0] or 0)


@contextlib.contextmanager
def raw_server(server: RawServer | None = None) -> Iterator[RawServer]:
    """Run it, in threads of this process."""
    server = server or RawServer()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop_listening()
        server.end()
        thread.join()
