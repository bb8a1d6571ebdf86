"""invites.api.client: connections that have been idle, over HTTP and over TLS."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from invites.api.client import Deadlines, SpaceMediaApi
from invites.api.deadline import MAX_IDLE_SECONDS
from invites.api.token_client import Credentials, TokenApi
from invites.errors import UnreachableError
from invites.invite import Invite
from support.build import VirtualClock
from support.certificate import make_certificate
from support.raw_server import RawServer, created, raw_server
from support.waiting import wait_until

INVITE = Invite("ada@example.test", ("Artist",))
SHORT = Deadlines(connect=1.0, read=0.3, total=1.0)
IDLE = 0.05


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate, and the context of the server that has it."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    return path, make_certificate(path)


@pytest.fixture(params=["http", "https"])
def server(
    request: pytest.FixtureRequest,
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RawServer]:
    """An API that lets idle connections die without closing them."""
    path, context = certificate
    # OpenSSL trusts what this names, as it trusts the authorities of the machine elsewhere.
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    tls = context if request.param == "https" else None
    with raw_server(RawServer(idle=IDLE, tls=tls)) as running:
        yield running


@pytest.fixture
def clock() -> VirtualClock:
    """The wall clock."""
    return VirtualClock()


@pytest.fixture
def api(server: RawServer, clock: VirtualClock) -> SpaceMediaApi:
    """What is tested, in an environment whose monotonic clock stands still when it is frozen."""
    return SpaceMediaApi(server.url, 1, lambda: 0.0, clock.now, SHORT)


def die(server: RawServer, count: int = 1) -> None:
    """Wait until so many connections have died of being idle."""
    wait_until(lambda: server.dead == count, "a connection to die")


def test_a_connection_that_died_idle_costs_no_call(
    server: RawServer, api: SpaceMediaApi, clock: VirtualClock
) -> None:
    for calls in range(1, 4):
        assert api.invite(INVITE, "token").status == 201
        assert server.connections == calls
        die(server, calls)
        clock.time += MAX_IDLE_SECONDS + 0.1


@pytest.mark.parametrize("pause", [0.0, MAX_IDLE_SECONDS])
def test_a_connection_that_was_idle_for_less_is_used_again(
    server: RawServer, api: SpaceMediaApi, clock: VirtualClock, pause: float
) -> None:
    """Each request starts the idle time again."""
    server.idle = 60.0
    for _ in range(4):
        assert api.invite(INVITE, "token").status == 201
        clock.time += pause
    assert server.connections == 1


def test_after_the_clock_was_set_back_no_connection_is_used_again(
    server: RawServer, api: SpaceMediaApi, clock: VirtualClock
) -> None:
    api.invite(INVITE, "token")
    die(server)
    clock.time -= 3600
    assert api.invite(INVITE, "token").status == 201
    assert server.connections == 2


def test_an_idle_connection_to_a_server_that_is_gone_is_unreachable(
    server: RawServer, api: SpaceMediaApi, clock: VirtualClock
) -> None:
    """Nothing is sent over the old connection, so nobody can have been invited by it."""
    api.invite(INVITE, "token")
    server.stop_listening()
    clock.time += MAX_IDLE_SECONDS + 0.1
    with pytest.raises(UnreachableError, match=r"^no connection: "):
        api.invite(INVITE, "token")


def test_a_rotation_uses_no_connection_that_died_idle(
    server: RawServer, clock: VirtualClock
) -> None:
    server.answer = created(b'{"token": "7|x", "expires_at": null}')
    api = TokenApi(server.url, lambda: 0.0, clock.now, SHORT)
    for calls in range(1, 3):
        assert api.exchange(Credentials("key", "secret", "name")).text == "7|x"
        assert server.connections == calls
        die(server, calls)
        clock.time += MAX_IDLE_SECONDS + 0.1
