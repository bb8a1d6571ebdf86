"""The fast option: the ledger in memory and no faults, so that days of an outage take seconds."""

import functools
import json
import random
from collections.abc import Callable
from typing import Any, cast

from send_invites.bootstrap import assemble
from send_invites.handler import handle
from simulation.invariants.observer import Observer
from simulation.plan import Plan
from simulation.world.adapters import memory_adapters
from simulation.world.deployment import deploy
from simulation.world.lambda_service.environment import Environment
from simulation.world.lambda_service.event_source import EventSourceMapping, StartedEnvironment
from simulation.world.timeline import Timeline
from simulation.world.world import RememberingReader, World
from support.build import MemoryRateLimiter
from support.fakes import MemoryClaims, MemoryLedger

YEAR = 365 * 24 * 3600.0


class FastWorld(World):
    """A deployment in which only the API fails, as a test says.

    What it leaves out: crashes, faults of AWS, the schedule of parallel calls, rotations, the
    outcome topic and the log. The handler, the domain, the token's cache and the adapters of SQS
    are the deployed ones.

    Args:
        parameters: Template parameters that are not to have their default.
        random_fraction: Where in their range all waits are: 0 is the shortest.
        without_route: How many of the environments cannot reach the API.

    Attributes:
        reader: The reader of all environments.
        ledger: Why messages failed.
        claims: Who is being invited, and who is.
        rate_limiter: The limit over all environments.
    """

    def __init__(
        self,
        parameters: dict[str, str] | None = None,
        random_fraction: float = 0.5,
        without_route: int = 0,
    ) -> None:
        time, deployment = Timeline(), deploy(parameters or {})
        super().__init__(time, Plan.without_faults(), deployment, Observer(), is_shuffled=False)
        self.random_fraction = random_fraction
        self.reader = RememberingReader()
        self.ledger = MemoryLedger()
        self.claims = MemoryClaims(time.now)
        source = random.Random(1)  # noqa: S311 - the same places in each run
        self.rate_limiter = MemoryRateLimiter(self.settings.max_invites_per_minute, source.random)
        self.secret.renew(YEAR)
        self._without_route = without_route
        self.mapping = EventSourceMapping(
            time,
            self.plan,
            self.queue,
            self.start_environment,
            batch_size=deployment.batch_size,
            timeout=deployment.timeout,
            is_woken=False,
        )
        self.mapping.overhead = 0.0
        self.mapping.add_pollers(deployment.concurrency)

    def start_environment(self) -> StartedEnvironment:
        """A cold start of the sender: bootstrap, with what is in memory."""
        self._without_route, left = max(0, self._without_route - 1), self._without_route
        environment = Environment(self.time, has_no_route=left > 0)
        adapters = memory_adapters(self, environment)
        app = assemble(self.settings, adapters, cast("Any", _NoTelemetry()))
        return StartedEnvironment(environment, functools.partial(handle, app))

    def sign_up(self, count: int) -> list[str]:
        """So many people sign up at once; the ids of their messages."""
        return [self.queue.send(f'{{"email": "person-{n}@example.test"}}') for n in range(count)]

    def sign_up_steadily(
        self, every: float, seconds: float, event: Callable[[int], object]
    ) -> None:
        """One event after the other, so many seconds apart; `event` makes the one of a number."""

        def produce() -> None:
            for number in range(int(seconds / every)):
                self.queue.send(json.dumps(event(number)))
                self.time.sleep(every)

        self.time.spawn(produce)

    def is_settled(self) -> bool:
        """Whether no message is on its way."""
        return not self.queue.waiting


class _NoTelemetry:
    """Says nothing: of thousands of messages the log would take longer than the run."""

    def report(self, *_: object, **__: object) -> None:
        pass
