"""send_invites.bootstrap: which part runs in which threads."""

import io
from collections.abc import Callable
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.api.client import Answer
from invites.clock import Clock
from invites.outcome import Verdict
from send_invites.bootstrap import Adapters, Application, assemble
from send_invites.metrics import MeteredApi
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from send_invites.telemetry import Telemetry
from support.build import READER, InlineExecutor, MemoryPace, VirtualClock, message, signup
from support.environment import ENVIRONMENT
from support.fakes import FakeApi, FakeClaims, FakeTokens, MemoryLedger

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

SETTINGS = Settings.from_environment(ENVIRONMENT)


class FakeSqs:
    """SQS that does what it is asked."""

    def change_message_visibility(self, **_: Any) -> None:  # noqa: ANN401 - as botocore's
        """Do as asked."""


class CountingExecutor(InlineExecutor):
    """Runs each task at once, and counts them."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401 - as Executor's
        """Count it, and run it."""
        self.tasks += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def sending() -> CountingExecutor:
    """The threads that call the API."""
    return CountingExecutor()


@pytest.fixture
def settling() -> CountingExecutor:
    """The threads that do the rest."""
    return CountingExecutor()


@pytest.fixture
def application(sending: CountingExecutor, settling: CountingExecutor) -> Application:
    """The parts, put together, with an API that is down."""
    clock = VirtualClock()
    adapters = Adapters(
        reader=READER,
        api=MeteredApi(FakeApi(Answer(503, {}, b"")), clock.now),
        tokens=FakeTokens(["token"]),
        claims=FakeClaims(),
        ledger=MemoryLedger(),
        rate_limiter=MemoryPace(),
        queue=SignupQueue(cast("Any", FakeSqs()), "queue", settling),
        sending=sending,
        settling=settling,
        clock=Clock(clock.now, clock.sleep, wait),
        random_fraction=lambda: 1.0,
    )
    telemetry = Telemetry(Logger("test", stream=io.StringIO()), Metrics("Test", "test"))
    return assemble(SETTINGS, adapters, telemetry)


def test_only_calls_to_the_api_run_in_the_threads_that_may_hang(
    application: Application, sending: CountingExecutor, settling: CountingExecutor
) -> None:
    """Reasons and visibilities have other threads, so calls that hang do not hold them up."""
    batch = [message(signup(1), 1), message("prose", 2)]
    done = application.processor.process(batch, application.clock.now() + 150)
    failed, rejected = done.jobs
    assert [failed.outcome.verdict, rejected.outcome.verdict] == [Verdict.PAUSE, Verdict.STOP]
    assert (sending.tasks, settling.tasks) == (1, 4)
