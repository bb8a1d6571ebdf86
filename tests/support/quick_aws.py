"""A minimal AWS for measurements: every call succeeds at once, and is counted.

It keeps nothing and checks nothing. The local AWS shows what AWS really does.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import urllib3

SECRET = b'{"SecretString": "7|a-token-of-the-bench"}'
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"


class _Connection(asyncio.Protocol):
    """One connection: no more of HTTP than an SDK needs."""

    calls: ClassVar[Counter[str]] = Counter()
    seconds: ClassVar[float] = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""
        self._is_new = True

    def data_received(self, data: bytes) -> None:
        self._received += data
        while request := self._next_request():
            self._answer(*request)

    def _next_request(self) -> tuple[str, bytes] | None:
        head, end, rest = self._received.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        length = int(headers.get("content-length", 0))
        if not end or len(rest) < length:
            return None
        self._received = rest[length:]
        return headers.get("x-amz-target", lines[0]), rest[:length]

    def _answer(self, target: str, body: bytes) -> None:
        if target.startswith("get /_calls"):
            self._write(json.dumps(self.calls).encode())
        elif target.startswith("put /_seconds/"):
            type(self).seconds = float(target.split()[1].rpartition("/")[2])
            self.calls.clear()
            self._write(b"{}")
        else:
            self._count(target.rpartition(".")[2])
            asyncio.get_running_loop().call_later(
                self.seconds, self._write, _response(target, body)
            )

    def _count(self, operation: str) -> None:
        self.calls[operation] += 1
        self.calls["connections"] += self._is_new
        self._is_new = False

    def _write(self, body: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(_HEAD % len(body) + body)


def _response(target: str, body: bytes) -> bytes:
    if target.endswith("getsecretvalue"):
        return SECRET
    if target.endswith("batchgetitem"):
        return b'{"Responses": {}}'
    if target.endswith("batchexecutestatement"):
        return json.dumps({"Responses": [{} for _ in json.loads(body)["Statements"]]}).encode()
    return b"{}"


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(
        _Connection, "127.0.0.1", 0, backlog=1024
    )
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@dataclass(frozen=True, slots=True)
class QuickAws:
    """A running quick AWS."""

    url: str

    def environment(self) -> dict[str, str]:
        """The variables for programs that call it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-west-2",
        }

    def reset(self, seconds: float = 0.0) -> None:
        """Forget the counts; from now on answer after this many seconds."""
        urllib3.request("PUT", f"{self.url}/_seconds/{seconds}")

    def calls(self) -> Counter[str]:
        """Calls by operation, in lower case; and the number of `connections`."""
        return Counter(urllib3.request("GET", f"{self.url}/_calls").json())


@contextlib.contextmanager
def quick_aws() -> Iterator[QuickAws]:
    """Start a quick AWS, as a process of its own."""
    path = {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "support.quick_aws"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | path
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield QuickAws(line.strip())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve())
