"""Claims as rows of the ledger, with the key `person#HASH`."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from invites.claim import Claim, ClaimState, folded_person_key, person_key
from invites.invite import Invite
from ledger.rows import number, person_row_key

IN_PROGRESS = "in_progress"
INVITED = "invited"
# Marks a row whose key is made of the exact address. One without it was written when keys folded
# case, and may be that of anybody whose folded key it has.
IS_EXACT = "is_exact"
_YES: dict[str, Any] = {"BOOL": True}


class ClaimRows:
    """Makes the rows.

    Args:
        endpoint: The API's address; people of another API are other people.
        keep_seconds: How long it is remembered that somebody was invited.
        now: The wall clock, epoch seconds.
        new_owner: Gives a name that nobody else has, anew at each call.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        keep_seconds: int,
        now: Callable[[], float],
        new_owner: Callable[[], str],
    ) -> None:
        self._endpoint = endpoint
        self._keep_seconds = keep_seconds
        self.now = now
        self._new_owner = new_owner

    def key(self, invite: Invite) -> dict[str, Any]:
        """A person's key."""
        return person_row_key(person_key(self._endpoint, invite.email))

    def folded_key(self, invite: Invite) -> dict[str, Any] | None:
        """The key that a person's row had when keys folded case; None if it is the same."""
        key = folded_person_key(self._endpoint, invite.email)
        return None if key is None else person_row_key(key)

    def is_held(self, row: Mapping[str, Any]) -> bool:
        """Whether a row under a folded key says that its person is invited, or being invited.

        Not if its time is over, as in the condition of a claim; nor if the key is the exact one of
        somebody else.
        """
        now = int(self.now())
        if IS_EXACT in row or int(row["expires_at"]["N"]) < now:
            return False
        return row["state"]["S"] == INVITED or int(row["held_until"]["N"]) >= now

    def claimed(self, invite: Invite, until: float) -> dict[str, Any]:
        """A new claim, by an owner of its own, until then in epoch seconds."""
        return {
            **self.key(invite),
            "state": {"S": IN_PROGRESS},
            "owner": {"S": self._new_owner()},
            "held_until": number(math.ceil(until)),
            "roles": _texts(invite.roles),
            "expires_at": self._expires_at(),
            IS_EXACT: _YES,
        }

    def invited(self, invite: Invite) -> dict[str, Any]:
        """What changes in a person's row once they are invited."""
        return {
            "state": {"S": INVITED},
            "roles": _texts(invite.roles),
            "expires_at": self._expires_at(),
            IS_EXACT: _YES,
        }

    def _expires_at(self) -> dict[str, Any]:
        return number(self.now() + self._keep_seconds)


def found(row: Mapping[str, Any], owner: str) -> Claim:
    """The claim in a row: our own also where AWS's client has repeated a call that had worked."""
    roles = tuple(role["S"] for role in row["roles"]["L"])
    if row["state"]["S"] == INVITED:
        return Claim(ClaimState.INVITED, owner, 0.0, roles)
    state = ClaimState.OURS if row["owner"]["S"] == owner else ClaimState.ELSEWHERE
    return Claim(state, row["owner"]["S"], float(row["held_until"]["N"]), roles)


def _texts(values: tuple[str, ...]) -> dict[str, Any]:
    return {"L": [{"S": value} for value in values]}
