"""How each call to the API went, noted where it is made, for the metrics."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invites.errors import CallError

if TYPE_CHECKING:
    from invites.api import Answer
    from invites.invite import Invite
    from invites.sending import InviteApi


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the HTTP status, None if there was no complete answer, and its length in seconds.

    It has nothing of the person or the answer.
    """

    status: int | None
    seconds: float


class MeteredApi:
    """Passes each call on, and notes it: also one that is made again before anybody sees it.

    Safe to use from several threads, which only add notes; the invoking thread takes them.

    Args:
        api: Makes the calls.
        monotonic: A clock in seconds that never goes back.
    """

    def __init__(self, api: "InviteApi", monotonic: Callable[[], float]) -> None:
        self._api = api
        self._monotonic = monotonic
        self._calls: deque[Call] = deque()

    def invite(self, invite: "Invite", token: str) -> "Answer":
        """Call once; raises CallError if there is no complete answer."""
        began = self._monotonic()
        try:
            answer = self._api.invite(invite, token)
        except CallError:
            self._note(None, began)
            raise
        self._note(answer.status, began)
        return answer

    def take(self) -> list[Call]:
        """The calls that ended since this was last asked, in the order of their ends.

        A call that hung when its batch was given up is among those of a later batch.
        """
        return [self._calls.popleft() for _ in range(len(self._calls))]

    def _note(self, status: int | None, began: float) -> None:
        self._calls.append(Call(status, self._monotonic() - began))
