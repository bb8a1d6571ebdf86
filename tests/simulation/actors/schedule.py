"""What people do in a history: producers send, operators step in."""

from simulation.fault_kinds import TRIAGE
from simulation.invariants.invariants import DAY, OLD
from simulation.messages import SentMessage
from simulation.world.world import World

# The queue keeps messages for 7 days; the function gives up after 6.
MAX_STOP = 6.3 * DAY
# How often an operator comes to the triage while things go wrong.
VISITS = 3


def send_all(world: World) -> None:
    """Every message, at its moment; the polling begins at the first."""
    plan, sender = world.plan, world.queue
    age = 0.0
    if "lambda: sending stopped for days" in plan.kinds:
        plan.note("lambda: sending stopped for days")
        # What SQS's limit keeps from being received cannot be given up either: the trouble has to
        # be over before that is too old.
        full = "sqs: in-flight limit" in plan.kinds
        longest = OLD - plan.heals_after if full else MAX_STOP
        age = plan.random.uniform(1 * DAY, longest)

    def send(post: SentMessage) -> None:
        sender.send(post.body, age)

    for post in world.letters:
        moment = plan.random.uniform(0, plan.spread)
        world.time.spawn(lambda post=post: send(post), moment)  # type: ignore[misc]
    world.time.spawn(world.begin)


def step_in(world: World) -> None:
    """What an operator does in the middle of it."""
    plan = world.plan
    actions = {
        "sqs: redrive at the console": world.queue.redrive,
        "token: rotated by hand": world.secret.renew,
    }
    for kind, action in actions.items():
        if kind in plan.kinds:
            plan.note(kind)
            world.time.spawn(action, plan.random.uniform(60, plan.heals_after))
    if TRIAGE in plan.kinds:
        plan.note(TRIAGE)
        for _ in range(VISITS):
            world.time.spawn(world.operator.visit, plan.second_random.uniform(60, plan.heals_after))
