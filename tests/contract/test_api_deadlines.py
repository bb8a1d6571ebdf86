"""invites.api.client: how long a call may take."""

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from invites.api.client import Deadlines, SpaceMediaApi
from invites.errors import BrokenCallError, UnreachableError
from invites.invite import Invite
from support.spacemedia.client import StandIn, Step

INVITE = Invite("ada@example.test", ("Artist",))
# No call here would end within so many seconds without its deadline, and a busy machine may take
# some of them.
BUSY = 4.0
HEAD = b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n"


@contextmanager
def dripping(seconds: float) -> Iterator[str]:
    """A server that sends a whole head, then a byte of the body at a time; give its URL."""
    ended = Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(HEAD)
            while not ended.wait(seconds):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()
        thread.join()


def test_a_dripping_answer() -> None:
    """An answer of which a byte comes now and then ends at the total deadline."""
    deadlines = Deadlines(connect=1.0, read=1.0, total=0.3)
    with dripping(0.05) as url:
        started = time.monotonic()
        with pytest.raises(BrokenCallError, match=r"^no complete answer: TimeoutError$"):
            SpaceMediaApi(url, 1, time.monotonic, time.time, deadlines).invite(INVITE, "token")
        assert 0.3 <= time.monotonic() - started < BUSY


def test_a_head_that_drips() -> None:
    """Nor does it matter whether it is the body that drips, or the headers before it."""
    deadlines = Deadlines(connect=1.0, read=1.0, total=0.3)
    with StandIn() as stand_in:
        stand_in.script(Step(drip=0.05))
        api = SpaceMediaApi(stand_in.url, 1, time.monotonic, time.time, deadlines)
        started = time.monotonic()
        with pytest.raises(BrokenCallError, match=r"^no complete answer: TimeoutError$"):
            api.invite(INVITE, stand_in.add_token())
        assert 0.3 <= time.monotonic() - started < BUSY


def test_an_answer_that_takes_its_time() -> None:
    """The read deadline is not the connect deadline: the API may think before it answers."""
    deadlines = Deadlines(connect=0.3, read=5.0, total=5.0)
    with StandIn() as stand_in:
        stand_in.script(Step(delay=0.6))
        api = SpaceMediaApi(stand_in.url, 1, time.monotonic, time.time, deadlines)
        assert api.invite(INVITE, stand_in.add_token()).status == 201


def test_an_answer_that_does_not_come() -> None:
    """The read deadline ends a call that nobody answers."""
    deadlines = Deadlines(connect=1.0, read=0.2, total=5.0)
    with StandIn() as stand_in:
        stand_in.script(Step(hang=True))
        api = SpaceMediaApi(stand_in.url, 1, time.monotonic, time.time, deadlines)
        started = time.monotonic()
        with pytest.raises(BrokenCallError, match=r"^no complete answer: TimeoutError$"):
            api.invite(INVITE, stand_in.add_token())
        assert 0.2 <= time.monotonic() - started < BUSY


def clock(*readings: float) -> Callable[[], float]:
    """A clock that shows these times, and then the last of them for ever."""
    times = itertools.chain(readings, itertools.repeat(readings[-1]))
    return lambda: next(times)


@pytest.mark.parametrize("late", [20.0, 90.0])
def test_a_connection_that_takes_too_long(late: float) -> None:
    """Looking up names has no deadline of its own: what is not sent in time is never sent."""
    with StandIn() as stand_in:
        api = SpaceMediaApi(stand_in.url, 1, clock(0.0, late), time.time, Deadlines(total=20.0))
        with pytest.raises(UnreachableError, match=r"^no connection: "):
            api.invite(INVITE, stand_in.add_token())
        assert stand_in.stats().requests == 0


def test_a_connection_just_in_time() -> None:
    """As long as any time is left the call is made."""
    with StandIn() as stand_in:
        api = SpaceMediaApi(stand_in.url, 1, clock(0.0, 19.9), time.time, Deadlines(total=20.0))
        assert api.invite(INVITE, stand_in.add_token()).status == 201


def test_a_request_that_is_cut_off() -> None:
    """If its time ends after its head was sent, it may have had its effect."""
    with StandIn() as stand_in:
        api = SpaceMediaApi(
            stand_in.url, 1, clock(0.0, 0.0, 20.0), time.time, Deadlines(total=20.0)
        )
        with pytest.raises(BrokenCallError, match=r"^no complete answer: "):
            api.invite(INVITE, stand_in.add_token())
