"""Faults between the function and AWS: a proxy that fails calls, before or after their effect."""

import http.client
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

# Of a hundred calls so many get no answer before their effect, after it, or an error instead.
# boto3 tries each call twice, so few in a thousand reach the function's own code.
BEFORE, AFTER, ERROR = 2, 2, 3


class FaultyAws:
    """The proxy's state.

    Attributes:
        url: For AWS_ENDPOINT_URL.
        faults: What was done, by kind.
        is_on: Whether anything is done.
        unsure: Keys of rows of which a write was spoilt.
    """

    def __init__(self, endpoint: str, seed: int) -> None:
        self._endpoint = urlsplit(endpoint).netloc
        self._random = random.Random(seed)  # noqa: S311 - not for secrecy
        self._lock = Lock()
        self.url = ""
        self.is_on = True
        self.faults: Counter[str] = Counter()
        self.unsure: set[str] = set()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """What the caller gets; None for a connection that breaks."""
        with self._lock:
            draw = self._random.randrange(100) if self.is_on else 100
        if draw < BEFORE:
            self._spoil("connection broken before the effect", body)
            return None
        if draw >= BEFORE + AFTER and draw < BEFORE + AFTER + ERROR:
            self._spoil("500 from AWS", body)
            return 500, b'{"__type": "InternalServerError", "message": "simulated"}'
        answer = self._forward(path, headers, body)
        if draw >= BEFORE + AFTER:
            return answer
        self._spoil("answer lost", body)
        return None

    def _spoil(self, kind: str, body: bytes) -> None:
        with self._lock:
            self.faults[f"aws: {kind}"] += 1
            if body.startswith(b"{"):
                request = json.loads(body)
                key = (request.get("Key") or request.get("Item") or {}).get("pk", {}).get("S")
                self.unsure.add(key or "")

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._endpoint, timeout=10)
        try:
            # With the Host that was signed.
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its own
        """A worker that is killed breaks its connection: nothing to tell of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def faulty_aws(endpoint: str, seed: int) -> Iterator[FaultyAws]:
    """Run the proxy on a free loopback port."""
    proxy = FaultyAws(endpoint, seed)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = proxy.answer(self.path, dict(self.headers), body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            kind = self.headers.get("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()
