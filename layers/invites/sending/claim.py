"""Nobody twice: a claim on a person is made before the call and completed after it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from invites.invite import Invite


class ClaimState(StrEnum):
    """What was found when the claim was made."""

    OURS = "ours"
    ELSEWHERE = "elsewhere"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Claim:
    """The result of claiming a person.

    Attributes:
        state: Ours, somebody else's, or the person is invited already.
        owner: Who holds it: the name that was given on claiming.
        until: Epoch seconds after which whoever holds it cannot be calling any more.
        roles: The roles that the holder invites, or has invited, with; empty if not known.
    """

    state: ClaimState
    owner: str
    until: float
    roles: tuple[str, ...]


class Claims(Protocol):
    """Where claims are kept, for all execution environments together."""

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person, if nobody holds them; raises LedgerError."""

    def complete(self, invite: Invite) -> None:
        """The person is invited, whoever holds the claim; raises LedgerError."""

    def release(self, invite: Invite, claim: Claim) -> None:
        """The claim is given up, if it is still held; raises LedgerError."""


def person_key(endpoint: str, email: str) -> str:
    """What a person is known by: the API's address and the e-mail address, as a SHA-256.

    Not the event's system, tenant or id, since several systems announce one hire; not the message
    id, which changes when a message is sent again. The e-mail address is that which is sent, and
    nothing of it is folded here: two that are sent are two people. Hashed, so that the ledger
    holds no addresses.
    """
    return hashlib.sha256(f"{endpoint}\n{email}".encode()).hexdigest()


def folded_person_key(endpoint: str, email: str) -> str | None:
    """What the person was known by when claims folded case; None if it is the same.

    It differs for 179 of the 140,000 addresses with a local part of one character: that of a
    long s, which is sent as it is, had the key of the other s.
    """
    folded = email.casefold()
    return None if folded == email else person_key(endpoint, folded)
