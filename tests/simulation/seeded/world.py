"""Everything together: the function's environments among the services of one history."""

import functools
import itertools
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.metrics import EphemeralMetrics

from send_invites.bootstrap import assemble
from send_invites.handler import handle
from send_invites.telemetry import Telemetry
from simulation.model.timeline import Timeline
from simulation.seeded.cuts import Cuts
from simulation.seeded.deployment import draw_deployment
from simulation.seeded.environments import Environment
from simulation.seeded.judge import Judge
from simulation.seeded.plan import HOUR, Plan
from simulation.seeded.poller import Mapping, Started
from simulation.seeded.posts import Postbox
from simulation.seeded.queue import Queue
from simulation.seeded.rotator import Rotator
from simulation.seeded.secret import TokenSecret
from simulation.seeded.sites import SENDING, call_sites
from simulation.seeded.space_media import SpaceMedia
from simulation.seeded.table import Table
from simulation.seeded.tokens import IssuedTokens
from simulation.seeded.triage import Operator
from simulation.seeded.wiring import Services, simulated_ports

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
        self.postbox = Postbox(plan)
        self.letters = self.postbox.draw()
        self.judge = Judge(
            self.time,
            self.settings.api_base_url,
            self.postbox.posts,
            set(self.postbox.known),
            self.postbox.refused,
        )
        self.judge.figures["refused"] = len(self.postbox.refused)
        self.queue = self._queue()
        self.issued = IssuedTokens(plan, self.time.now)
        self.secret = TokenSecret(self.issued, self.time.now)
        self.api = SpaceMedia(plan, self.judge, self.time.now, self.issued)
        self.api.refused = self.postbox.refused
        self.api.users = set(self.postbox.known)
        self.api.per_minute = (
            plan.random.choice([5, 20, 60]) if "api: throttle" in plan.kinds else 0
        )
        self.cuts = Cuts(plan, call_sites(SENDING), plan.random)
        self.rotator = Rotator(
            self.time,
            plan,
            self.secret,
            self.issued,
            self.judge,
            logger,
            timeout=self.deployment.rotation_timeout,
        )
        self._services = Services(
            self.time,
            plan,
            self.queue,
            self.api,
            Table(plan, self.judge),
            self.secret,
            self.judge,
            self.rotator.begin,
        )
        self.operator = Operator(
            self.settings,
            self._services,
            self.postbox,
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

    def _start(self) -> Started:
        """A new execution environment: bootstrap anew."""
        environment = Environment(self.time, self.plan, self.cuts)
        self.judge.figures["environments"] += 1
        environment.on_overrun = lambda: self.judge.fail("the function ran out of time by itself")
        ports = simulated_ports(self.settings, self._services, environment, self._owners)
        metrics = EphemeralMetrics(namespace="Seeded", service="seeded")
        telemetry = Telemetry(self._logger, cast("Any", metrics))
        app = assemble(self.settings, ports, telemetry)
        return Started(environment, functools.partial(handle, app))

    def _queue(self) -> Queue:
        small = "sqs: in-flight limit" in self.plan.kinds
        return Queue(
            self.plan,
            self.judge,
            self.time.now,
            self.settings.max_receive_count,
            self.deployment.visibility,
            self.deployment.retention,
            self.plan.random.randint(6, 30) if small else IN_FLIGHT,
        )
