"""The stand-in's process starts, stops and ends by itself, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from urllib3.exceptions import ProtocolError

from support.spacemedia.caller import Caller
from support.spacemedia.client import StandIn
from support.spacemedia.process import start_process, stop_process


def test_connection_that_is_idle_for_long_enough_is_closed() -> None:
    with StandIn(keepalive=0.1) as running, _connect(running.url) as connection:
        connection.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        assert connection.recv(4096) == b""
        assert running.stats().connections_open == 0


def test_stopped_stand_in_refuses_connections_and_restarts_on_the_same_port() -> None:
    with StandIn() as running:
        url = running.url
        running.stop()
        with pytest.raises(ConnectionRefusedError):
            _connect(url)
        running.start()
        assert (running.url, running.stats().requests) == (url, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_process_with_0_even_while_a_call_hangs(number: int) -> None:
    process, url = start_process(0, 75.0)
    with Caller(url, "") as caller, ThreadPoolExecutor(1) as pool:
        caller.call("POST", "/_control/script", {"steps": [{"hang": True}]})
        hung = pool.submit(caller.invite)
        while not caller.call("GET", "/_control/stats").json()["requests"]:
            time.sleep(0.005)
        process.send_signal(number)
        assert isinstance(hung.exception(), ProtocolError)
    assert process.wait(5) == 0


def test_process_ends_when_the_process_that_started_it_is_gone() -> None:
    code = "import os; from support.spacemedia.client import StandIn as S; s = S(); s.start()"
    command = [sys.executable, "-c", f"{code}; print(s.url, flush=True); os._exit(0)"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603
    assert _refuses_soon(done.stdout.decode().strip())


def test_process_ends_with_another_process_that_is_named_to_it() -> None:
    named, _ = start_process(0, 75.0)
    process, _ = start_process(0, 75.0, parent=named.pid)
    stop_process(named)
    assert process.wait(5) == 0


def _connect(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=5.0)


def _refuses_soon(url: str) -> bool:
    for _ in range(500):
        try:
            _connect(url).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.01)
    return False
