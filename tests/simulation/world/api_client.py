"""The API as an environment sees it: over a network that fails."""

from collections.abc import Callable

from invites.api.client import Answer
from invites.errors import BrokenCallError, UnreachableError
from invites.invite import Invite
from simulation.fault_kinds import DROPPED
from simulation.world.lambda_service.environment import Environment
from simulation.world.space_media import SpaceMedia

# Half of a quick call, and of a slow one, which is over before the function's 20 s: seconds.
QUICK, SLOW = (0.02, 0.4), (2.0, 9.5)
# When the caller gives up on an answer, and until when the server is still at work on it.
GIVES_UP, LATEST_EFFECT = 15.0, 60.0
HUNG = 120.0
# Half of the time for which a connection is tried.
CONNECT = (2.0, 2.0)


class ApiClient:
    """What an environment is given as the API: calls over a network that fails."""

    def __init__(self, api: SpaceMedia, environment: Environment) -> None:
        self._api = api
        self._environment = environment

    def invite(self, invite: Invite, token: str) -> Answer:
        """As `SpaceMediaApi.invite`."""
        plan, observer = self._api.plan, self._api.observer
        call = observer.call_begins(invite.email, token, self._environment)
        try:
            if failure := self._failure():
                return self._environment.cross(*failure)
            if plan.happens("api: too slow to wait for"):
                return self._environment.cross(lambda: self._too_slow(invite, token), (0.1, 0.2))
            latency = SLOW if plan.happens("api: slow") else QUICK
            return self._environment.cross(
                lambda: self._api.answer(invite, token, self._environment), latency
            )
        finally:
            observer.call_ends(call)

    def _failure(self) -> tuple[Callable[[], Answer], tuple[float, float]] | None:
        """Why the request does not reach the API, if so, and half of the time that this takes."""
        plan = self._api.plan
        if self._environment.has_no_route and not plan.is_healed:
            return _unreachable, CONNECT
        if plan.happens_separately(DROPPED):
            return _broken, (GIVES_UP / 2, GIVES_UP / 2)
        if plan.happens("api: no connection"):
            return _unreachable, QUICK
        if plan.happens("api: look-up in DNS hangs"):
            return _unreachable, (HUNG, HUNG)
        return (_broken, QUICK) if plan.happens("api: reset before the effect") else None

    def _too_slow(self, invite: Invite, token: str) -> Answer:
        """Nobody waits for the answer any more; the server may do the work all the same."""
        observer, environment = self._api.observer, self._environment
        observer.at_work[invite.email] += 1

        def work() -> None:
            observer.at_work[invite.email] -= 1
            self._api.do_unseen(invite, token, environment)

        self._api.timeline.spawn(work, self._api.plan.random.uniform(1.0, LATEST_EFFECT))
        self._api.timeline.sleep(GIVES_UP)
        raise BrokenCallError("no complete answer: TimeoutError")


def _unreachable() -> Answer:
    raise UnreachableError("no connection: ConnectionRefusedError")


def _broken() -> Answer:
    raise BrokenCallError("no complete answer: ConnectionResetError")
