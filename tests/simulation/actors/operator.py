"""An operator at the triage: looks through the dead letters, and sends them back."""

import itertools
from typing import TYPE_CHECKING, Any

from dead_letters.correction import Edit, corrected
from dead_letters.letter import DeadLetter
from dead_letters.selection import RequestError
from invites.errors import LedgerError, QueueError
from send_invites.settings import Settings
from simulation.actors.triage_deps import EXPLAINER, simulated_triage
from simulation.messages import MessageFactory, MessageKind, SentMessage
from simulation.world.adapters import Services
from simulation.world.lambda_service.call_sites import TRIAGE, call_sites
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.environment import Crash, Environment
from triage_dead_letters.actions import act

if TYPE_CHECKING:
    from simulation.world.aws.queue import QueuedMessage

Request = dict[str, Any]

# So long a letter is held by a call that broke off, in seconds; and so often one asks again.
HELD = 61.0
MAX_ASKED = 3
# Letters of one request, where they are named.
MAX_NAMED = 5


class TriageOperator:
    """Makes the triage's requests, each in an environment that may be cut off.

    Args:
        timeout: The function's, in seconds.

    Attributes:
        cuts: Where the function was cut off.
    """

    def __init__(
        self,
        settings: Settings,
        services: Services,
        messages: MessageFactory,
        *,
        timeout: float,
    ) -> None:
        self._settings = settings
        self._services = services
        self._postbox = messages
        self._timeout = timeout
        self.crash_points = CrashPoints(
            services.plan, call_sites(TRIAGE), services.plan.second_random
        )
        self._tokens = itertools.count(1)

    def visit(self) -> None:
        """Look through the letters, and try what there is to try."""
        self._request({"action": "scan"})
        for make in (self._some, self._one_again, self._one_corrected):
            if request := make():
                self._request(request)
        self._request({"action": "replay", "where": {}})

    def _some(self) -> Request | None:
        draw, ids = self._services.plan.second_random, list(self._services.queue.dead)
        if not ids:
            return None
        named = draw.sample(ids, min(len(ids), draw.randint(1, MAX_NAMED)))
        return {"action": "replay", "messageIds": [*named, "message-of-nobody"]}

    def _one_again(self) -> Request | None:
        """One whose person is to be forgotten; an address of which the ledger knows nothing."""
        letter = self._any(MessageKind.PERSON)
        if letter is None:
            return None
        return {"action": "replay", "messageIds": [letter.id], "again": True}

    def _one_corrected(self) -> Request | None:
        """One that cannot be read, with the address that its producer meant."""
        letter = self._any(MessageKind.MALFORMED)
        if letter is None:
            return None
        (email,) = self._postbox.posts[letter.body].people
        known = DeadLetter(letter.id, "", letter.body, letter.attributes, int(letter.sent_at))
        body = corrected(known, Edit(email, ()), EXPLAINER)
        self._postbox.keep(SentMessage(body, MessageKind.PERSON, (email,)))
        edit = {"email": email, "roles": []}
        return {"action": "replay", "messageIds": [letter.id], "edit": edit}

    def _any(self, sort: MessageKind) -> "QueuedMessage | None":
        letters = self._services.queue.dead.values()
        some = [one for one in letters if self._postbox.posts[one.body].sort is sort]
        return self._services.plan.second_random.choice(some) if some else None

    def _request(self, request: Request) -> None:
        """Ask, and ask again a little later if the answer says so: letters may be held."""
        for _ in range(MAX_ASKED):
            if not self._invoke(request).get("again"):
                return
            self._services.time.sleep(HELD)

    def _invoke(self, request: Request) -> dict[str, Any]:
        services, answer = self._services, {}
        environment = Environment(services.time, services.plan, self.crash_points)
        environment.begin(self._timeout)
        invariants = services.queue.invariants
        try:
            tools = simulated_triage(self._settings, services, environment, self._tokens)
            answer = act(tools, request, "request-of-the-triage")
            invariants.figures["replayed by the triage"] += answer.get("replayed", 0)
        except Crash:
            return {}
        except (RequestError, LedgerError, QueueError):
            invariants.figures["requests that the triage could not do"] += 1
        except Exception as error:  # noqa: BLE001 - what it may never raise
            invariants.fail(f"the triage raised {type(error).__name__}: {error}")
        environment.is_idle = True
        return answer
