"""The threads that are really made, held against the numbers that are reckoned with."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from aws_adapters.ledger.rate_limit import MAX_TRIES
from send_invites.bootstrap import Adapters, production_adapters
from send_invites.settings import Settings
from send_invites.timeouts import (
    AWS_CALL_SECONDS,
    MAX_JITTER_SECONDS,
    MAX_PARALLEL_CALLS,
)
from support.build import READER
from support.environment import ENVIRONMENT

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Adapters:
    """What reaches out of the process in production."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    environment = ENVIRONMENT | {"MAX_INVITES_PER_MINUTE": "60"}
    return production_adapters(Settings.from_environment(environment), READER)


def _threads(executor: object) -> int:
    number: int = vars(cast("ThreadPoolExecutor", executor))["_max_workers"]
    return number


def test_settling_has_threads_of_its_own(ports: Adapters) -> None:
    """Calls that hang take no thread from the ledger and the queue."""
    assert ports.sending is not ports.settling
    assert vars(ports.queue)["_executor"] is ports.settling
    assert _threads(ports.sending) == MAX_PARALLEL_CALLS
    assert _threads(ports.settling) == MAX_PARALLEL_CALLS


def test_jitter_of_all_lost_races_is_no_longer_than_a_call_to_aws(ports: Adapters) -> None:
    """And it is really a sleep, not a stub that was left in."""
    sleep_jitter: Any = vars(ports.rate_limiter)["_sleep_jitter"]
    assert sleep_jitter() is None
    assert 0 < MAX_TRIES * MAX_JITTER_SECONDS <= AWS_CALL_SECONDS
