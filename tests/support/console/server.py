"""The dashboard's server on a loopback port: its page, and the page's calls of view and act."""

import contextlib
import json
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from support.stack import Stack
from support.triage import ACT, VIEW

PAGE = Path(__file__).with_name("page.html")


@contextlib.contextmanager
def console(stack: Stack, port: int = 0) -> Iterator[str]:
    """Serve the console of a stack; yields its address.

    Args:
        stack: Has the two functions.
        port: 0 for any free port.
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(stack))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(stack: Stack) -> type[BaseHTTPRequestHandler]:
    client = stack.client("lambda")
    functions = [stack.outputs[name] for name in (VIEW, ACT)]

    class Handler(BaseHTTPRequestHandler):
        """Serves the page, and passes its calls on."""

        def do_GET(self) -> None:
            """The page."""
            self._answer(PAGE.read_bytes(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            """Call a function, as the dashboard's user."""
            # Another site's page may send JSON only after a preflight, which this server refuses.
            if self.headers.get("Content-Type") != "application/json":
                self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
                return
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = _named(request["endpoint"])
            if name not in functions:
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            answer = client.invoke(FunctionName=name, Payload=json.dumps(request["event"]))
            self._answer(answer["Payload"].read(), "application/json")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # The page may have been closed while it waited.
            with contextlib.suppress(BrokenPipeError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as the base class's
            """Write nothing."""

    def _named(endpoint: str | None) -> str:
        """The function's name in an ARN; without an ARN view, which draws the widget."""
        return endpoint.rpartition(":")[2] if endpoint else functions[0]

    return Handler
