"""Everything together: the function's environments among the services of one history."""

import functools
import itertools
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.metrics import EphemeralMetrics

from send_invites.bootstrap import assemble
from send_invites.handler import handle
from send_invites.telemetry import Telemetry
from simulation.actors.operator import TriageOperator
from simulation.actors.poller import Mapping, StartedEnvironment
from simulation.actors.rotator import Rotator
from simulation.invariants.invariants import Invariants
from simulation.messages import MessageFactory
from simulation.plan import HOUR, Plan
from simulation.world.adapters import Services, simulated_adapters
from simulation.world.aws.queue import Queue
from simulation.world.aws.table import Table
from simulation.world.aws.token_secret import TokenSecret
from simulation.world.deployment import draw_deployment
from simulation.world.issued_tokens import IssuedTokens
from simulation.world.lambda_service.call_sites import SENDING, call_sites
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.environment import Environment
from simulation.world.space_media import SpaceMedia
from simulation.world.timeline import Timeline

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

# Amazon SQS: messages in flight on a standard queue.
IN_FLIGHT = 120_000


class World:
    """All parts of one history.

    Args:
        plan: What its seed decides.
        logger: The function's.
    """

    def __init__(self, plan: Plan, logger: "Logger") -> None:
        self.plan = plan
        self.time = Timeline()
        plan.begin(self.time.now)
        self.deployment = draw_deployment(plan)
        self.settings = self.deployment.settings
        self.messages = MessageFactory(plan)
        self.letters = self.messages.draw()
        self.invariants = Invariants(
            self.time,
            self.settings.api_base_url,
            self.messages.posts,
            set(self.messages.known),
            self.messages.refused,
        )
        self.invariants.figures["refused"] = len(self.messages.refused)
        self.queue = self._queue()
        self.issued = IssuedTokens(plan, self.time.now)
        self.secret = TokenSecret(self.issued, self.time.now)
        self.api = SpaceMedia(plan, self.invariants, self.time.now, self.issued)
        self.api.refused = self.messages.refused
        self.api.users = set(self.messages.known)
        self.api.per_minute = (
            plan.random.choice([5, 20, 60]) if "api: throttle" in plan.kinds else 0
        )
        self.crash_points = CrashPoints(plan, call_sites(SENDING), plan.random)
        self.rotator = Rotator(
            self.time,
            plan,
            self.secret,
            self.issued,
            self.invariants,
            logger,
            timeout=self.deployment.rotation_timeout,
        )
        self._services = Services(
            self.time,
            plan,
            self.queue,
            self.api,
            Table(plan, self.invariants),
            self.secret,
            self.invariants,
            self.rotator.begin,
        )
        self.operator = TriageOperator(
            self.settings,
            self._services,
            self.messages,
            timeout=self.deployment.triage_timeout,
        )
        self._owners = itertools.count(1)
        self._logger = logger
        life = (
            plan.random.uniform(0.02, 0.4) * HOUR if "token: expires" in plan.kinds else 720 * HOUR
        )
        self.secret.renew(life)

    def begin(self) -> None:
        """Have the queue polled from now on."""
        Mapping(
            self.time,
            self.plan,
            self.queue,
            self._start,
            batch_size=self.deployment.batch_size,
            timeout=self.deployment.timeout,
        ).add_pollers(self.deployment.concurrency)

    def _start(self) -> StartedEnvironment:
        """A new execution environment: bootstrap anew."""
        environment = Environment(self.time, self.plan, self.crash_points)
        self.invariants.figures["environments"] += 1
        environment.on_overrun = lambda: self.invariants.fail(
            "the function ran out of time by itself"
        )
        ports = simulated_adapters(self.settings, self._services, environment, self._owners)
        metrics = EphemeralMetrics(namespace="Seeded", service="seeded")
        telemetry = Telemetry(self._logger, cast("Any", metrics))
        app = assemble(self.settings, ports, telemetry)
        return StartedEnvironment(environment, functools.partial(handle, app))

    def _queue(self) -> Queue:
        small = "sqs: in-flight limit" in self.plan.kinds
        return Queue(
            self.plan,
            self.invariants,
            self.time.now,
            self.settings.max_receive_count,
            self.deployment.visibility,
            self.deployment.retention,
            self.plan.random.randint(6, 30) if small else IN_FLIGHT,
        )
