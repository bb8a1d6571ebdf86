"""The claim: a lease on a person, made before the call and completed by a success.

A claim that is neither completed nor released ends by itself, as when the function is killed.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from invites.invite import Invite


class ClaimState(StrEnum):
    """Whose the claim is after an attempt to make it."""

    OURS = "ours"
    ELSEWHERE = "elsewhere"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Claim:
    """The result of claiming a person.

    Attributes:
        state: Ours, somebody else's, or the person is invited already.
        owner: The holder's name, which was made up when the claim was made.
        until: Epoch seconds at which the lease ends: after it, its holder cannot be calling.
        roles: The roles of the holder's invitation; empty if they are not known.
    """

    state: ClaimState
    owner: str
    until: float
    roles: tuple[str, ...]


class Claims(Protocol):
    """Where claims are kept, for all execution environments."""

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person until `until`, unless somebody else has; raises LedgerError."""

    def complete(self, invite: Invite) -> None:
        """Write that the person is invited, whoever holds the claim; raises LedgerError."""

    def release(self, invite: Invite, claim: Claim) -> None:
        """Release the claim, if it is still ours; raises LedgerError."""


def person_key(endpoint: str, email: str) -> str:
    """The key of a person's claim: API address and e-mail address, as a SHA-256.

    The event's system, tenant and id are left out, since several systems announce one hire; so is
    the message id, which changes when a message is sent again. The e-mail address is the one that
    is sent to the API, without folding: two addresses that differ there are two people. The hash
    keeps addresses out of the ledger.
    """
    return hashlib.sha256(f"{endpoint}\n{email}".encode()).hexdigest()


def folded_person_key(endpoint: str, email: str) -> str | None:
    """The key from the time when claims folded case; None if it is today's key.

    The two differ for 179 of the 140,000 addresses with a local part of one character. A long s,
    for example, is sent as it is, but had the key of the ordinary s.
    """
    folded = email.casefold()
    return None if folded == email else person_key(endpoint, folded)
