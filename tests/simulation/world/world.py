"""The services that one run has, and the parts of the function that do not depend on them."""

from collections.abc import Callable

from invites.reading.reader import MessageReader, ParsedMessage
from simulation.invariants.observer import Observer
from simulation.plan import Plan
from simulation.world.aws.queue import MAX_IN_FLIGHT, Queue
from simulation.world.aws.token_secret import TokenSecret
from simulation.world.deployment import Deployment
from simulation.world.issued_tokens import IssuedTokens
from simulation.world.space_media import SpaceMedia
from simulation.world.timeline import Timeline
from support.build import READER


class World:
    """A deployment in virtual time: the queues, the token's secret and the API.

    `FaultyWorld` has DynamoDB too, and environments that crash. `FastWorld` has the ledger in
    memory, and environments in which no call fails.

    Args:
        time: Virtual time.
        plan: What the seed decides.
        deployment: What the template and its parameters come to.
        observer: Hears of all that happens.
        is_shuffled: Whether the queue delivers in any order.
    """

    def __init__(
        self,
        time: Timeline,
        plan: Plan,
        deployment: Deployment,
        observer: Observer,
        *,
        is_shuffled: bool,
    ) -> None:
        self.time = time
        self.plan = plan
        self.deployment = deployment
        self.settings = deployment.settings
        self.observer = observer
        is_small = "sqs: in-flight limit" in plan.kinds
        self.queue = Queue(
            plan,
            observer,
            time.now,
            self.settings.max_receive_count,
            deployment.visibility,
            deployment.retention,
            plan.random.randint(6, 30) if is_small else MAX_IN_FLIGHT,
            is_shuffled=is_shuffled,
        )
        self.issued = IssuedTokens(plan, time.now)
        self.secret = TokenSecret(self.issued, time.now)
        self.api = SpaceMedia(plan, observer, time, self.issued)


class RememberingReader(MessageReader):
    """The deployed reader, each body read once: a message is read alike at each of 20 receives.

    Args:
        before: Called with each body before it is read.
    """

    def __init__(self, before: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(READER.registry, READER.rules)
        self._before = before
        self._known: dict[tuple[str, bool], ParsedMessage] = {}

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """As `MessageReader.read`."""
        self._before(body)
        if (body, is_part) not in self._known:
            self._known[body, is_part] = super().read(body, is_part=is_part)
        return self._known[body, is_part]
