"""Lambda's runtime API for one invocation: `awslambdaric` gets its event from it."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

DEADLINE_SECONDS = 150


class RuntimeApi:
    """Hands out one event, and notes when it was asked for and when it was answered.

    Args:
        event: What the function is invoked with.
    """

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.ready_at = self.answered_at = 0.0
        self.answer: Any = None
        self.answered = Event()
        handler = type("_BoundHandler", (_Handler,), {"api": self})
        self._server = _Server(("127.0.0.1", 0), handler)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def variables(self) -> dict[str, str]:
        """The variable by which the runtime client finds it."""
        return {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}"}


class _Server(ThreadingHTTPServer):
    # The thread of the second request waits for ever.
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """The function is killed in the midst of asking for its next event."""


class _Handler(BaseHTTPRequestHandler):
    api: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Hand out the event; a request for a second one waits for ever."""
        if self.api.ready_at:
            Event().wait()
        self.api.ready_at = time.perf_counter()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "cold")
        deadline = int((time.time() + DEADLINE_SECONDS) * 1000)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:::function:bench")
        # The client crashes without these two.
        self.send_header("Content-Type", "application/json")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-0-0")
        self._end(json.dumps(self.api.event).encode())

    def do_POST(self) -> None:
        """Take the answer, or the error."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.api.answered_at = time.perf_counter()
        self.api.answer = json.loads(body)
        self.send_response(202)
        self._end(b"{}")
        self.api.answered.set()

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""
