"""A proxy before the local AWS's Secrets Manager, whose own RotateSecret is a stub.

Calls pass through as they are signed, so IAM decides on them as without the proxy. It does two
things that AWS does and the local AWS does not: a rotation runs its four steps after RotateSecret
has answered, and a second one is refused while a version is pending. A test can also make
versions older than they are, since no test can wait until a rotation is no longer recent.
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

from support.rotation import CURRENT, PENDING, Rotator, StepError
from support.stack import Stack

_JSON = {"Content-Type": "application/x-amz-json-1.1"}


class SecretsProxy:
    """The proxy's state, for a test to look at.

    Attributes:
        url: For AWS_ENDPOINT_URL_SECRETS_MANAGER.
        requested: The versions of the rotations that were requested and begun.
        failed: What failed in their steps.
    """

    def __init__(self, stack: Stack) -> None:
        self._rotator = Rotator(stack)
        self._endpoint = urlsplit(stack.aws.endpoint).netloc
        self._aged: dict[str, float] = {}
        self._lock = Lock()
        self.url = ""
        self.requested: list[str] = []
        self.failed: list[str] = []

    def age(self, seconds: float) -> None:
        """Make all present versions this much older."""
        self._aged |= dict.fromkeys(self._rotator.labels(), seconds)

    def answer(self, operation: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """What Secrets Manager would answer."""
        if operation == "RotateSecret":
            with self._lock:
                return self._rotate(headers, body)
        status, content = self._forward(headers, body)
        if operation == "GetSecretValue" and status == http.HTTPStatus.OK:
            value = json.loads(content)
            value["CreatedDate"] -= self._aged.get(value["VersionId"], 0)
            content = json.dumps(value).encode()
        return status, content

    def _forward(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._endpoint, timeout=10)
        try:
            # The headers still have the Host that was signed.
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _rotate(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        current, pending = self._rotator.version(CURRENT), self._rotator.version(PENDING)
        if pending and pending != current:
            problem = {"__type": "InvalidRequestException", "message": "A rotation is under way."}
            return http.HTTPStatus.BAD_REQUEST, json.dumps(problem).encode()
        # The stub decides whether the caller may; then its own effect is undone.
        status, content = self._forward(headers, body)
        if status != http.HTTPStatus.OK:
            return status, content
        self._rotator.restore(current, json.loads(content)["VersionId"])
        version = self._rotator.announce()
        self.requested.append(version)
        Thread(target=self._take_steps, args=(version,), daemon=True).start()
        return status, json.dumps(json.loads(content) | {"VersionId": version}).encode()

    def _take_steps(self, version: str) -> None:
        try:
            self._rotator.take(version)
        except StepError as error:
            self.failed.append(str(error))


@contextmanager
def secrets_proxy(stack: Stack) -> Iterator[SecretsProxy]:
    """Run a proxy on a free loopback port."""
    proxy = SecretsProxy(stack)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            status, content = proxy.answer(operation, dict(self.headers), body)
            self.send_response(status)
            for name, value in (_JSON | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()
