"""One history: from the first signup over the trouble to the last redrive."""

import contextlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from invites.sending.scoped_breakers import MAX_REFUSED_PEOPLE
from simulation.actors.schedule import send_all, step_in
from simulation.fault_kinds import TRIAGE
from simulation.messages import PRODUCERS
from simulation.plan import HOUR, Plan
from simulation.world.aws.secrets_manager import PLAIN_SECRET
from simulation.world.world import World

# After all trouble: the longest that a message is hidden, and some for the line.
MAX_REST = 16 * HOUR
# What can keep an answer of the API from reaching the ledger. Without any of it nobody is ever
# invited twice.
AMBIGUOUS = (
    *("reset after", "cut short", "too slow", "status 5", "outage", "maintenance"),
    *("cut off", "time-out", "DNS", "dynamodb"),
)

_tape = io.StringIO()
# Powertools keeps one logger for each service name, so one serves all histories.
_logger = Logger(service="seeded", stream=_tape, level="DEBUG")


@dataclass(frozen=True, slots=True)
class History:
    """What there is to tell of a history once it is over.

    Attributes:
        violations: What was that may not be; none if all is well.
        figures: What was counted.
        faults: What happened, by kind.
        crash_points: Where the function was cut off: call site, and before or after its effect.
        is_unique: Whether the API refused an address that it knew.
    """

    seed: int
    violations: tuple[str, ...]
    figures: Counter[str]
    faults: Counter[str]
    crash_points: tuple[tuple[str, str], ...]
    is_unique: bool


def run(plan: Plan) -> History:
    """Let a history happen, and invariants it."""
    _tape.seek(0)
    _tape.truncate()
    with contextlib.redirect_stdout(_tape):
        world = World(plan, _logger)
        _live(world)
    invariants = world.invariants
    if not invariants.violations:
        _judge_the_whole(world)
    faults, figures = world.plan.counts, invariants.figures
    cuts = (
        *world.crash_points.made,
        *world.operator.crash_points.made,
        *world.rotator.crash_points.made,
    )
    return History(plan.seed, tuple(invariants.violations), figures, faults, cuts, plan.unique)


def captured_log() -> str:
    """What the function has logged in the last history of this process."""
    return _tape.getvalue()


def _judge_the_whole(world: World) -> None:
    invariants = world.invariants
    people = [one for post in world.messages.posts.values() for one in post.people]
    # Whole addresses are among them: each has its local part in it.
    telling = [*(one.partition("@")[0] for one in people), *world.issued.all, PLAIN_SECRET]
    invariants.close(_tape.getvalue(), telling)
    if limit := world.settings.max_invites_per_minute:
        invariants.check_pace(limit)
    if world.secret.is_being_rotated:
        invariants.fail("a rotation never ends")
    happened = any(word in kind for kind in world.plan.counts for word in AMBIGUOUS)
    most = (MAX_REFUSED_PEOPLE - 1) * PRODUCERS * invariants.figures["environments"]
    if invariants.figures["dead-lettered as everybody was refused"] > most:
        invariants.fail("a refusal of everybody empties the queue into the dead-letter queue")
    if invariants.figures["invited twice, ambiguous"] and not happened:
        invariants.fail("invited twice, without a fault that could explain it")


def _live(world: World) -> None:
    send_all(world)
    step_in(world)
    _pass(world, world.plan.heals_after, lambda: False)
    _pass(world, MAX_REST, lambda: not world.queue.waiting)
    # Those who wait since their source is paused are refused for as long as that is not mended.
    world.api.refused.clear()
    world.invariants.is_mended = True
    _pass(world, MAX_REST, lambda: not world.queue.waiting)
    _demand_rest(world)
    if TRIAGE in world.plan.kinds:
        _replay_all(world)
    # Twice: a list that is only split now can have a part that must be corrected.
    for _ in range(2):
        world.queue.redrive()
        _pass(world, MAX_REST, lambda: not world.queue.waiting)
        _demand_rest(world)
    if world.queue.dead:
        world.invariants.fail("a message is dead-lettered again, though its cause is gone")
    # One may have begun a moment ago.
    _pass(world, HOUR, lambda: not world.secret.is_being_rotated)


def _replay_all(world: World) -> None:
    """The triage sends every letter back, now that nothing is in its way."""
    letters = set(world.queue.dead)
    world.time.spawn(world.operator.visit)
    _pass(world, HOUR, lambda: False)
    if letters & set(world.queue.dead):
        world.invariants.fail("the triage leaves letters though nothing is in its way")
    _pass(world, MAX_REST, lambda: not world.queue.waiting)
    _demand_rest(world)


def _demand_rest(world: World) -> None:
    if waiting := len(world.queue.waiting):
        world.invariants.fail(f"{waiting} messages are still on their way after {MAX_REST:.0f} s")
    world.invariants.check_sum(waiting, len(world.queue.dead))


def _pass(world: World, seconds: float, is_over: Callable[[], bool]) -> None:
    """Let time pass, until it is over or something is that may not be."""
    world.time.run(seconds, lambda: bool(world.invariants.violations) or is_over())
