"""send_invites.token_renewal: another thread is reading the token, for as long as it pleases."""

import time
from collections.abc import Iterator
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest

from aws_adapters.ledger.rotation import DynamoRotations
from invites.outcome import Outcome, Reply, Verdict
from invites.token import TokenReport
from send_invites.token_renewal import SecretRotation, TokenRenewal
from send_invites.token_source import SecretTokens
from support.build import VirtualClock
from unit.secrets_manager import FakeSecrets
from unit.upkeep_parts import Row, Secrets

if TYPE_CHECKING:
    from invites.job import Job

# What tending the token may take, and waiting for the lock: seconds.
SECONDS, PATIENCE = 28.0, 0.05
# A test that waits for the lock notices it.
HELD = 1.0


class Setting:
    """A token that the API refuses, which one thread holds the lock of."""

    def __init__(self, aws: boto3.Session) -> None:
        self.lock, self.asked, self.read = Lock(), Secrets(), FakeSecrets(aws, "old")
        clock = VirtualClock()
        client: Any = self.read
        self.tokens = SecretTokens(client, "token", clock.now, clock.now, self.lock)
        rotations = DynamoRotations(cast("Any", Row()), "ledger")
        rotation = SecretRotation(cast("Any", self.asked), "secret", "function")
        self.upkeep = TokenRenewal(
            self.tokens, rotations, rotation, clock.now, SECONDS, patience=PATIENCE
        )
        self.tokens.renew(self.tokens.current())

    def look(self, seconds_left: float, *results: Outcome) -> tuple[TokenReport, float]:
        """Look after a batch; what is told, and how long it took."""
        batch = cast("list[Job]", [_Result(outcome) for outcome in results])
        began = time.monotonic()
        return self.upkeep.after_batch(batch, seconds_left), time.monotonic() - began


class _Result:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


@pytest.fixture
def setting(aws: boto3.Session) -> Iterator[Setting]:
    """Held for longer than anybody should wait, if the test does not let it go before."""
    setting = Setting(aws)
    setting.lock.acquire()
    timer = Timer(HELD, setting.lock.release)
    timer.start()
    yield setting
    timer.cancel()


def test_with_little_time_left_nothing_is_waited_for(setting: Setting) -> None:
    """Not even for a moment: what is left is for the batch's answer."""
    report, took = setting.look(5.0)
    assert (report, setting.asked.asked) == (TokenReport(), [])
    assert took < HELD / 2


def test_with_time_left_the_wait_is_bounded(setting: Setting) -> None:
    """Then the token is left to the next batch."""
    report, took = setting.look(SECONDS + 1)
    assert (report, setting.asked.asked) == (TokenReport(), [])
    assert PATIENCE <= took < HELD / 2


def test_the_next_batch_sees_to_it(setting: Setting) -> None:
    """Nothing of a look that was given up is left behind."""
    setting.look(SECONDS + 1)
    setting.lock.release()
    report, _ = setting.look(SECONDS + 1)
    assert report.notes == ("asked Secrets Manager to rotate the token",)
    assert setting.read.reads == 3


def test_a_success_counts_though_the_lock_is_held(setting: Setting) -> None:
    """The refusal that it takes back is not waited for."""
    setting.look(5.0, Outcome(Verdict.INVITED, reply=Reply(201)))
    setting.lock.release()
    report, _ = setting.look(SECONDS + 1)
    assert (report, setting.asked.asked) == (TokenReport(), [])
