"""The world of the histories: its services fail, and its environments crash."""

import functools
import itertools
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.metrics import EphemeralMetrics

from send_invites.bootstrap import assemble
from send_invites.handler import handle
from send_invites.telemetry import Telemetry
from simulation.invariants.observer import Observer
from simulation.plan import HOUR, Plan
from simulation.world.adapters import simulated_adapters
from simulation.world.aws.table import Table
from simulation.world.deployment import Deployment
from simulation.world.lambda_service.call_sites import SENDING, call_sites
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.crashing_environment import CrashingEnvironment
from simulation.world.lambda_service.event_source import StartedEnvironment
from simulation.world.timeline import Timeline
from simulation.world.world import World

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


class FaultyWorld(World):
    """The services of one history, and the sender's environments.

    Args:
        time: Virtual time.
        plan: What the seed decides.
        deployment: What the template and its parameters come to.
        observer: Hears of all that happens.
        logger: The function's.

    Attributes:
        crash_points: Where the sender was ended.
        poison: Bodies that end the function when they are read.
    """

    def __init__(
        self,
        time: Timeline,
        plan: Plan,
        deployment: Deployment,
        observer: Observer,
        logger: "Logger",
    ) -> None:
        super().__init__(time, plan, deployment, observer, is_shuffled=True)
        self.table = Table(plan, observer)
        self.poison: set[str] = set()
        self.logger = logger
        self.api.per_minute = (
            plan.random.choice([5, 20, 60]) if "api: throttle" in plan.kinds else 0
        )
        self.crash_points = CrashPoints(plan, call_sites(SENDING), plan.random)
        self._owners = itertools.count(1)
        is_short_lived = "token: expires" in plan.kinds
        life = plan.random.uniform(0.02, 0.4) if is_short_lived else 720
        self.secret.renew(life * HOUR)

    def start_environment(self) -> StartedEnvironment:
        """A cold start of the sender: bootstrap, with simulated clients."""
        environment = CrashingEnvironment(self.time, self.plan, self.crash_points)
        observer = self.observer
        observer.figures["environments"] += 1
        environment.on_overrun = lambda: self.observer.fail(
            "the function ran out of time by itself"
        )
        adapters = simulated_adapters(self, environment, self._owners)
        metrics = EphemeralMetrics(namespace="Seeded", service="seeded")
        telemetry = Telemetry(self.logger, cast("Any", metrics))
        app = assemble(self.settings, adapters, telemetry)
        return StartedEnvironment(environment, functools.partial(handle, app))
