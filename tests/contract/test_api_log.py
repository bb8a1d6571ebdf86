"""What the libraries of the functions write to the log during a call."""

import logging
import time
from collections.abc import Callable

import pytest

from invites.api.client import SpaceMediaApi
from invites.invite import Invite
from rotate_token.bootstrap import application as rotation
from send_invites.bootstrap import application as invites
from support.environment import ENVIRONMENT
from support.raw_server import USER, RawServer, created, raw_server

INVITE = Invite("ada@example.test", ("Artist",))
VARIABLES = {
    **ENVIRONMENT,
    "CREDENTIALS_SECRET_ID": "credentials",
    "AWS_DEFAULT_REGION": "eu-west-2",
    "POWERTOOLS_METRICS_NAMESPACE": "Test",
    "POWERTOOLS_SERVICE_NAME": "test",
}


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's variables, and loggers as before its start."""
    monkeypatch.setattr(logging.getLogger("urllib3"), "propagate", True)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


def call() -> None:
    """Call a server that sends a person's address in place of a header."""
    answer = created(USER, b"ada@example.test is no header")
    with raw_server(RawServer(answer, closes=True)) as server:
        api = SpaceMediaApi(server.url, 1, time.monotonic, time.time)
        assert api.invite(INVITE, "token").body == USER


@pytest.mark.parametrize("start", [invites.__wrapped__, rotation.__wrapped__])
def test_what_a_server_sent_stays_out_of_the_log(
    start: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    """Lambda writes to CloudWatch whatever reaches the root logger, from any library."""
    start()
    call()
    assert caplog.text == ""


def test_without_the_start_of_a_function_urllib3_quotes_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    call()
    assert "ada@example.test is no header" in caplog.text
