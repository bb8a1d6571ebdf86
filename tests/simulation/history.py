"""One history: from the first signup through the trouble to the last redrive, and its verdict."""

import contextlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from simulation.actors.actors import Actors
from simulation.fault_kinds import TRIAGE
from simulation.invariants.invariants import Invariants
from simulation.messages import MessageFactory
from simulation.plan import HOUR, Plan
from simulation.world.aws.secrets_manager import PLAIN_SECRET
from simulation.world.deployment import draw_deployment
from simulation.world.faulty_world import FaultyWorld
from simulation.world.timeline import Timeline

# After all trouble: the longest that a message is hidden, and some for the queue of slots.
MAX_REST = 16 * HOUR

_log = io.StringIO()
# Powertools keeps one logger for each service name, so one serves all histories.
_logger = Logger(service="seeded", stream=_log, level="DEBUG")


@dataclass(frozen=True, slots=True)
class History:
    """The verdict on a history, and its figures.

    Attributes:
        violations: Which invariants were broken, in words; none if all is well.
        figures: What was counted.
        faults: What happened, by kind.
        crash_points: Where a function was ended: call site, and before or after its effect.
        is_unique: Whether the API refused an address that it knew.
    """

    seed: int
    violations: tuple[str, ...]
    figures: Counter[str]
    faults: Counter[str]
    crash_points: tuple[tuple[str, str], ...]
    is_unique: bool


def run(plan: Plan) -> History:
    """Let a history happen, and judge it."""
    _log.seek(0)
    _log.truncate()
    with contextlib.redirect_stdout(_log):
        simulation = _Simulation(plan)
        simulation.run()
    if not simulation.invariants.violations:
        simulation.judge_the_whole(_log.getvalue())
    return simulation.history()


def captured_log() -> str:
    """What the function has logged in the last history of this process."""
    return _log.getvalue()


class _Simulation:
    """A seed's plan, the world that it makes, who acts in it, and the invariants that must hold."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._time = Timeline()
        plan.begin(self._time.now)
        deployment = draw_deployment(plan)
        self._messages = MessageFactory(plan)
        self._messages.draw()
        self.invariants = Invariants(
            self._time,
            deployment.settings.api_base_url,
            self._messages.by_body,
            set(self._messages.known),
            self._messages.refused,
        )
        self.invariants.figures["refused"] = len(self._messages.refused)
        self._world = FaultyWorld(self._time, plan, deployment, self.invariants, _logger)
        self._world.poison = self._messages.poison
        self._world.api.refused = self._messages.refused
        self._world.api.users = set(self._messages.known)
        self._actors = Actors(self._world, self._messages)

    def run(self) -> None:
        """Everything, until nothing is left to do."""
        queue = self._world.queue
        self._actors.schedule()
        self._pass(self._plan.heals_after)
        self._pass(MAX_REST, self._is_settled)
        # Messages wait while their source is paused: what is refused is mended only now.
        self._world.api.refused.clear()
        self.invariants.is_mended = True
        self._settle()
        if TRIAGE in self._plan.kinds:
            self._replay_all()
        # Twice: a list that is only split now can have a part that must be corrected.
        for _ in range(2):
            queue.redrive()
            self._settle()
        if queue.dead:
            self.invariants.fail("a message is dead-lettered again, though its cause is gone")
        # A rotation may have begun a moment ago.
        self._pass(HOUR, lambda: not self._world.secret.is_being_rotated)

    def judge_the_whole(self, log: str) -> None:
        """The invariants that can be judged only when a history is over."""
        messages, world = self._messages.by_body.values(), self._world
        people = [email for message in messages for email in message.people]
        # Whole addresses are among them: each has its local part in it.
        local_parts = [email.partition("@")[0] for email in people]
        self.invariants.close(log, [*local_parts, *world.issued.all, PLAIN_SECRET])
        if limit := world.settings.max_invites_per_minute:
            self.invariants.check_rate_limit(limit)
        if world.secret.is_being_rotated:
            self.invariants.fail("a rotation never ends")
        self.invariants.check_causes(self._plan.counts)

    def history(self) -> History:
        """The verdict."""
        crash_points = (
            *self._world.crash_points.made,
            *self._actors.operator.crash_points.made,
            *self._actors.rotator.crash_points.made,
        )
        return History(
            self._plan.seed,
            tuple(self.invariants.violations),
            self.invariants.figures,
            self._plan.counts,
            crash_points,
            self._plan.unique,
        )

    def _replay_all(self) -> None:
        """The triage sends every letter back, now that nothing is in its way."""
        letters = set(self._world.queue.dead)
        self._world.time.spawn(self._actors.operator.visit)
        self._pass(HOUR)
        if letters & set(self._world.queue.dead):
            self.invariants.fail("the triage leaves letters though nothing is in its way")
        self._settle()

    def _settle(self) -> None:
        """Until no message is on its way; all are accounted for."""
        self._pass(MAX_REST, self._is_settled)
        queue = self._world.queue
        if waiting := len(queue.waiting):
            what = f"{waiting} messages are still on their way after {MAX_REST:.0f} s"
            self.invariants.fail(what)
        self.invariants.check_sum(waiting, len(queue.dead))

    def _is_settled(self) -> bool:
        return not self._world.queue.waiting

    def _pass(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, until it is over or an invariant is broken."""
        self._time.run(seconds, lambda: bool(self.invariants.violations) or is_over())
