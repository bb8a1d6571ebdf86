"""One history: from the first signup over the trouble to the last redrive."""

import contextlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from invites.sending.scoped_breakers import MAX_REFUSED_PEOPLE
from simulation.seeded.kinds import TRIAGE
from simulation.seeded.plan import HOUR, Plan
from simulation.seeded.posts import PRODUCERS
from simulation.seeded.script import send_all, step_in
from simulation.seeded.secrets import PLAIN_SECRET
from simulation.seeded.world import World

# After all trouble: the longest that a message is hidden, and some for the line.
LONGEST_REST = 16 * HOUR
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
        cuts: Where the function was cut off: call site, and before or after its effect.
        is_unique: Whether the API refused an address that it knew.
    """

    seed: int
    violations: tuple[str, ...]
    figures: Counter[str]
    faults: Counter[str]
    cuts: tuple[tuple[str, str], ...]
    is_unique: bool


def run(plan: Plan) -> History:
    """Let a history happen, and judge it."""
    _tape.seek(0)
    _tape.truncate()
    with contextlib.redirect_stdout(_tape):
        world = World(plan, _logger)
        _live(world)
    judge = world.judge
    if not judge.violations:
        _judge_the_whole(world)
    faults, figures = world.plan.counts, judge.figures
    cuts = (*world.cuts.made, *world.operator.cuts.made, *world.rotator.cuts.made)
    return History(plan.seed, tuple(judge.violations), figures, faults, cuts, plan.unique)


def told() -> str:
    """What the function has logged in the last history of this process."""
    return _tape.getvalue()


def _judge_the_whole(world: World) -> None:
    judge = world.judge
    people = [one for post in world.postbox.posts.values() for one in post.people]
    # Whole addresses are among them: each has its local part in it.
    telling = [*(one.partition("@")[0] for one in people), *world.issued.all, PLAIN_SECRET]
    judge.close(_tape.getvalue(), telling)
    if limit := world.settings.max_invites_per_minute:
        judge.check_pace(limit)
    if world.secret.is_being_rotated:
        judge.fail("a rotation never ends")
    happened = any(word in kind for kind in world.plan.counts for word in AMBIGUOUS)
    most = (MAX_REFUSED_PEOPLE - 1) * PRODUCERS * judge.figures["environments"]
    if judge.figures["dead-lettered as everybody was refused"] > most:
        judge.fail("a refusal of everybody empties the queue into the dead-letter queue")
    if judge.figures["invited twice, ambiguous"] and not happened:
        judge.fail("invited twice, without a fault that could explain it")


def _live(world: World) -> None:
    send_all(world)
    step_in(world)
    _pass(world, world.plan.heals_after, lambda: False)
    _pass(world, LONGEST_REST, lambda: not world.queue.waiting)
    # Those who wait since their source is paused are refused for as long as that is not mended.
    world.api.refused.clear()
    world.judge.is_mended = True
    _pass(world, LONGEST_REST, lambda: not world.queue.waiting)
    _demand_rest(world)
    if TRIAGE in world.plan.kinds:
        _replay_all(world)
    # Twice: a list that is only split now can have a part that must be corrected.
    for _ in range(2):
        world.queue.redrive()
        _pass(world, LONGEST_REST, lambda: not world.queue.waiting)
        _demand_rest(world)
    if world.queue.dead:
        world.judge.fail("a message is dead-lettered again, though its cause is gone")
    # One may have begun a moment ago.
    _pass(world, HOUR, lambda: not world.secret.is_being_rotated)


def _replay_all(world: World) -> None:
    """The triage sends every letter back, now that nothing is in its way."""
    letters = set(world.queue.dead)
    world.time.spawn(world.operator.visit)
    _pass(world, HOUR, lambda: False)
    if letters & set(world.queue.dead):
        world.judge.fail("the triage leaves letters though nothing is in its way")
    _pass(world, LONGEST_REST, lambda: not world.queue.waiting)
    _demand_rest(world)


def _demand_rest(world: World) -> None:
    if waiting := len(world.queue.waiting):
        world.judge.fail(f"{waiting} messages are still on their way after {LONGEST_REST:.0f} s")
    world.judge.check_sum(waiting, len(world.queue.dead))


def _pass(world: World, seconds: float, is_over: Callable[[], bool]) -> None:
    """Let time pass, until it is over or something is that may not be."""
    world.time.run(seconds, lambda: bool(world.judge.violations) or is_over())
