"""An operator at the triage: looks through the dead letters, and sends them back."""

import itertools
from typing import TYPE_CHECKING, Any

from dead_letters.correction import Edit, corrected
from dead_letters.letter import DeadLetter
from dead_letters.selection import RequestError
from invites.errors import LedgerError, QueueError
from simulation.actors.triage_deps import EXPLAINER, simulated_triage
from simulation.messages import MessageFactory, MessageKind, SentMessage
from simulation.world.faulty_world import FaultyWorld
from simulation.world.lambda_service.call_sites import TRIAGE, call_sites
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.crashing_environment import CrashingEnvironment
from simulation.world.lambda_service.environment import Crash
from triage_dead_letters.actions import act

if TYPE_CHECKING:
    from simulation.world.aws.queue import QueuedMessage

Request = dict[str, Any]

# For so many seconds a call that broke off holds a letter; so often the operator asks again.
HELD = 61.0
MAX_ASKED = 3
# Letters of one request, where they are named.
MAX_NAMED = 5


class TriageOperator:
    """Makes the triage's requests, each in an environment that may crash.

    Attributes:
        crash_points: Where the function was ended.
    """

    def __init__(self, world: FaultyWorld, messages: MessageFactory) -> None:
        self._world = world
        self._messages = messages
        self.crash_points = CrashPoints(world.plan, call_sites(TRIAGE), world.plan.second_random)
        self._tokens = itertools.count(1)

    def visit(self) -> None:
        """Look through the letters, and try what there is to try."""
        self._request({"action": "scan"})
        for make in (self._some, self._one_again, self._one_corrected):
            if request := make():
                self._request(request)
        self._request({"action": "replay", "where": {}})

    def _some(self) -> Request | None:
        draw, ids = self._world.plan.second_random, list(self._world.queue.dead)
        if not ids:
            return None
        named = draw.sample(ids, min(len(ids), draw.randint(1, MAX_NAMED)))
        return {"action": "replay", "messageIds": [*named, "message-of-nobody"]}

    def _one_again(self) -> Request | None:
        """A letter whose person is forgotten first, so that a second invitation is sent."""
        letter = self._any(MessageKind.PERSON)
        if letter is None:
            return None
        return {"action": "replay", "messageIds": [letter.id], "again": True}

    def _one_corrected(self) -> Request | None:
        """A letter that cannot be read, with the address that its producer meant."""
        letter = self._any(MessageKind.MALFORMED)
        if letter is None:
            return None
        (email,) = self._messages.by_body[letter.body].people
        known = DeadLetter(letter.id, "", letter.body, letter.attributes, int(letter.sent_at))
        body = corrected(known, Edit(email, ()), EXPLAINER)
        self._messages.keep(SentMessage(body, MessageKind.PERSON, (email,)))
        edit = {"email": email, "roles": []}
        return {"action": "replay", "messageIds": [letter.id], "edit": edit}

    def _any(self, kind: MessageKind) -> "QueuedMessage | None":
        letters = self._world.queue.dead.values()
        some = [letter for letter in letters if self._messages.by_body[letter.body].kind is kind]
        return self._world.plan.second_random.choice(some) if some else None

    def _request(self, request: Request) -> None:
        """Ask, and ask again a little later if the answer says so: letters may be held."""
        for _ in range(MAX_ASKED):
            if not self._invoke(request).get("again"):
                return
            self._world.time.sleep(HELD)

    def _invoke(self, request: Request) -> dict[str, Any]:
        world, answer = self._world, {}
        environment = CrashingEnvironment(world.time, world.plan, self.crash_points)
        environment.begin(world.deployment.triage_timeout)
        observer = world.observer
        try:
            tools = simulated_triage(world, environment, self._tokens)
            answer = act(tools, request, "request-of-the-triage")
            observer.figures["replayed by the triage"] += answer.get("replayed", 0)
        except Crash:
            return {}
        except (RequestError, LedgerError, QueueError):
            observer.figures["requests that the triage could not do"] += 1
        except Exception as error:  # noqa: BLE001 - what it may never raise
            observer.fail(f"the triage raised {type(error).__name__}: {error}")
        environment.is_idle = True
        return answer
