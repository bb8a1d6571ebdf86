"""Everything together: the real handler among the models of what surrounds it."""

import functools
import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar, cast

from invites.api.client import Answer
from invites.clock import Clock
from invites.errors import UnreachableError
from invites.invite import Invite
from invites.reading.reader import MessageReader, ParsedMessage
from invites.sending.sender import InviteApi
from send_invites.bootstrap import Adapters, Application, assemble
from send_invites.handler import handle
from send_invites.metrics import MeteredApi
from send_invites.settings import Settings
from send_invites.sqs import SignupQueue
from simulation.model.lambda_service import Mapping
from simulation.model.memory import MemoryLedger
from simulation.model.queue import Queue
from simulation.model.space_media import SpaceMedia
from simulation.world.timeline import Timeline
from support.build import READER
from template.reading import Template

T = TypeVar("T")


class InlineExecutor(Executor):
    """Runs each task when it is submitted: the order is always the same."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401
        """As `Executor.submit`; an exception of the task is raised here, as none is expected."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class World:
    """A deployment as the template describes it, in virtual time.

    Args:
        parameters: Template parameters that are not to have their default.
        draw: Where in their range all waits are drawn: 0 is the lowest.
        cut_off: How many of the environments cannot reach the API.
    """

    def __init__(
        self, parameters: dict[str, str] | None = None, draw: float = 0.5, cut_off: int = 0
    ) -> None:
        self.template = Template()
        self._parameters = parameters or {}
        self._draw = draw
        self.time = Timeline()
        queue = self.template.properties("SignupQueue")
        self.queue = Queue(
            self.time.now,
            receives=int(self._value(queue["RedrivePolicy"]["maxReceiveCount"])),
            visibility=queue["VisibilityTimeout"],
            retention=queue["MessageRetentionPeriod"],
        )
        self._reader = _RememberingReader()
        self.api = SpaceMedia(self.time.now, self.time.sleep)
        self._settings = Settings.from_environment(self._environment())
        self.ledger = MemoryLedger(self.time.now, self._settings.max_invites_per_minute)
        concurrency = int(self._parameter("MaximumConcurrency"))
        self.mapping = Mapping(
            self.time,
            self.queue,
            [
                functools.partial(
                    handle, self._application(_NoRoute() if n < cut_off else self.api)
                )
                for n in range(concurrency)
            ],
            batch_size=int(self._parameter("BatchSize")),
            timeout=self.template.properties("SendInvitesFunction")["Timeout"],
        )

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

    def _application(self, api: InviteApi) -> Application:
        """The parts of one execution environment."""
        executor = InlineExecutor()
        ports = Adapters(
            reader=self._reader,
            api=MeteredApi(api, self.time.now),
            tokens=_Tokens(),
            claims=self.ledger,
            ledger=self.ledger,
            rate_limiter=self.ledger,
            queue=SignupQueue(cast("Any", self.queue), "queue", executor),
            sending=executor,
            settling=executor,
            clock=Clock(self.time.now, self.time.sleep, wait),
            random_fraction=lambda: self._draw,
        )
        return assemble(self._settings, ports, cast("Any", _NoTelemetry()))

    def _environment(self) -> dict[str, str]:
        """What the template gives the function, with the parameters filled in."""
        function = self.template.properties("SendInvitesFunction")
        variables = function["Environment"]["Variables"].items()
        return {name: self._value(value) for name, value in variables}

    def _value(self, value: object) -> str:
        match value:
            case {"Ref": str() as name} if name in self.template.parameters:
                return self._parameter(name)
            case dict():
                return "of another resource"
        return str(value)

    def _parameter(self, name: str) -> str:
        return self._parameters.get(name, str(self.template.parameters[name]["Default"]))


class _Tokens:
    """A token that is never refused; how a refused one is renewed is tested elsewhere."""

    def current(self) -> str:
        return "token"

    def refresh(self, refused: str) -> str:
        return refused


class _RememberingReader(MessageReader):
    """Reads each body once: a message comes up to twenty times, and is read alike each time."""

    def __init__(self) -> None:
        super().__init__(READER.registry, READER.rules)
        self._known: dict[str, ParsedMessage] = {}

    def read(self, body: str, *, is_part: bool = False) -> ParsedMessage:
        """As `Reader.read`."""
        if body not in self._known:
            self._known[body] = super().read(body, is_part=is_part)
        return self._known[body]


class _NoRoute:
    """The API, for an environment whose network does not lead to it."""

    def invite(self, invite: Invite, token: str) -> Answer:
        """Fail, as it does when nobody answers."""
        del invite, token
        raise UnreachableError("no connection: ConnectTimeoutError")


class _NoTelemetry:
    """Says nothing: of thousands of messages the log would be longer than the run."""

    def report(self, *_: object, **__: object) -> None:
        pass
