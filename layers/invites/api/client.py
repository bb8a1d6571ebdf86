"""The call that invites a person: `POST /api/v1/users` of the SpaceMedia API."""

import json
from collections.abc import Callable

from invites.api.transport import MAX_ANSWER_BYTES, Answer, Deadlines, Transport
from invites.invite import Invite

__all__ = ["MAX_ANSWER_BYTES", "Answer", "Deadlines", "SpaceMediaApi"]

USERS_PATH = "/api/v1/users"


class SpaceMediaApi:
    """Calls the API. Safe to use from several threads.

    Args:
        base_url: As `https://enterprise.spacemedia.uk`, without a trailing slash.
        connections: The most connections: the number of calls side by side.
        monotonic: A clock in seconds that never goes back, for deadlines.
        now: The wall clock, epoch seconds, for a connection's idle time.
        deadlines: How long a call may take.
    """

    def __init__(
        self,
        base_url: str,
        connections: int,
        monotonic: Callable[[], float],
        now: Callable[[], float],
        deadlines: Deadlines | None = None,
    ) -> None:
        self._url = base_url + USERS_PATH
        self._transport = Transport(connections, monotonic, now, deadlines)

    def invite(self, invite: Invite, token: str) -> Answer:
        """Call once: no retry, no redirect.

        Raises:
            UnreachableError: No connection was made, so the call had no effect.
            BrokenCallError: There is no complete answer; the call may have had its effect.
        """
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._transport.call("POST", self._url, headers, json.dumps(invite.payload()))
