"""Who acts in a history, and when: producers send, operators intervene, tokens are rotated."""

from simulation.actors.operator import TriageOperator
from simulation.actors.rotator import Rotator
from simulation.fault_kinds import TRIAGE
from simulation.invariants.invariants import DAY, OLD
from simulation.messages import MessageFactory, SentMessage
from simulation.world.faulty_world import FaultyWorld
from simulation.world.lambda_service.event_source import EventSourceMapping

# The queue keeps messages for 7 days; the function gives up after 6.
MAX_STOP = 6.3 * DAY
# How often an operator comes to the triage while things go wrong.
VISITS = 3


class Actors:
    """All who act in a history.

    Args:
        world: What they act on.
        messages: What producers send.

    Attributes:
        rotator: Secrets Manager, which calls the rotation function.
        operator: Replays dead letters.
        mapping: Lambda's pollers, which call the sender.
    """

    def __init__(self, world: FaultyWorld, messages: MessageFactory) -> None:
        self._world = world
        self._messages = messages
        self.rotator = Rotator(world)
        self.operator = TriageOperator(world, messages)
        self.mapping = EventSourceMapping(
            world.time,
            world.plan,
            world.queue,
            world.start_environment,
            batch_size=world.deployment.batch_size,
            timeout=world.deployment.timeout,
        )

    def schedule(self) -> None:
        """Have each act at its moment."""
        self._send_all()
        self._world.time.spawn(lambda: self.mapping.add_pollers(self._world.deployment.concurrency))
        self._intervene()

    def _send_all(self) -> None:
        """Every message, at its moment."""
        world, plan = self._world, self._world.plan
        age = self._age()

        def send(message: SentMessage) -> None:
            world.queue.send(message.body, age)

        for message in self._messages.sent:
            moment = plan.random.uniform(0, plan.spread)
            world.time.spawn(lambda message=message: send(message), moment)  # type: ignore[misc]

    def _age(self) -> float:
        """How long ago all messages were sent, as nothing was received since; in seconds."""
        plan = self._world.plan
        if "lambda: sending stopped for days" not in plan.kinds:
            return 0.0
        plan.note("lambda: sending stopped for days")
        # A message that SQS's limit keeps from being received cannot be given up either: the
        # trouble has to be over before the message is too old.
        is_full = "sqs: in-flight limit" in plan.kinds
        return plan.random.uniform(1 * DAY, OLD - plan.heals_after if is_full else MAX_STOP)

    def _intervene(self) -> None:
        """What operators do while things go wrong."""
        world, plan = self._world, self._world.plan
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
                moment = plan.second_random.uniform(60, plan.heals_after)
                world.time.spawn(self.operator.visit, moment)
