"""invites.api.client: connections."""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from invites.api.client import MAX_ANSWER_BYTES, Deadlines, SpaceMediaApi
from invites.errors import BrokenCallError, UnreachableError
from invites.invite import Invite
from support.spacemedia.client import StandIn, Step

INVITE = Invite("ada@example.test", ("Artist",))


def invite(number: int) -> Invite:
    """The invite of one of many people."""
    return Invite(f"person{number}@example.test", ("Artist",))


@pytest.mark.parametrize(
    "step", [Step(html="x" * MAX_ANSWER_BYTES * 2), Step(drip=0.05), Step(reset="before")]
)
def test_every_call_returns_its_place_in_the_pool(step: Step) -> None:
    deadlines = Deadlines(connect=1.0, read=1.0, total=0.3)
    with StandIn() as stand_in, ThreadPoolExecutor(1) as threads:
        token = stand_in.add_token()
        api = SpaceMediaApi(stand_in.url, 1, time.monotonic, time.time, deadlines)
        for _ in range(3):
            stand_in.script(step)
            with contextlib.suppress(BrokenCallError):
                api.invite(INVITE, token)
        assert threads.submit(api.invite, invite(7), token).result(5).status == 201


def test_a_refused_connection_is_unreachable_each_time() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        api = SpaceMediaApi(url, 1, time.monotonic, time.time)
        for _ in range(3):
            with pytest.raises(UnreachableError, match=r"^no connection: ConnectionRefusedError$"):
                api.invite(INVITE, "token")


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    api = SpaceMediaApi("https://spacemedia.invalid", 1, time.monotonic, time.time)
    with pytest.raises(UnreachableError, match=r"^no connection: gaierror$"):
        api.invite(INVITE, "token")


def test_one_connection_serves_many_calls_of_any_status() -> None:
    with StandIn() as stand_in:
        token = stand_in.add_token()
        api = SpaceMediaApi(stand_in.url, 4, time.monotonic, time.time)
        stand_in.script(Step(status=500), Step(status=422, json={}), Step(status=204))
        statuses = [api.invite(invite(number), token).status for number in range(10)]
        assert statuses == [500, 422, 204] + [201] * 7
        assert stand_in.stats().connections_opened == 1


def test_more_threads_than_connections_take_turns() -> None:
    with StandIn() as stand_in, ThreadPoolExecutor(20) as threads:
        token = stand_in.add_token()
        stand_in.configure(latency=0.02)
        api = SpaceMediaApi(stand_in.url, 5, time.monotonic, time.time)
        answers = threads.map(lambda number: api.invite(invite(number), token), range(60))
        assert [answer.status for answer in answers] == [201] * 60
        stats = stand_in.stats()
        assert (stats.created, stats.connections_opened) == (60, 5)


def test_an_idle_connection_that_the_server_has_closed_costs_no_second_call() -> None:
    with StandIn(keepalive=0.1) as stand_in:
        token = stand_in.add_token()
        api = SpaceMediaApi(stand_in.url, 1, time.monotonic, time.time)
        for number in range(3):
            assert api.invite(invite(number), token).status == 201
            while stand_in.stats().connections_open:
                time.sleep(0.02)
        stats = stand_in.stats()
        assert (stats.requests, stats.connections_opened) == (3, 3)


def test_a_client_works_again_after_a_restart_of_the_server() -> None:
    with StandIn() as stand_in:
        api = SpaceMediaApi(stand_in.url, 2, time.monotonic, time.time)
        assert api.invite(INVITE, stand_in.add_token()).status == 201
        stand_in.stop()
        with pytest.raises(UnreachableError):
            api.invite(INVITE, "token")
        stand_in.start()
        assert api.invite(INVITE, stand_in.add_token()).status == 201
