"""What the control endpoint reports, typed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InvitedAddress:
    """One address (lower-cased and trimmed), and the users that have it."""

    address: str
    # How many users were created by invites: more than 1 is somebody invited twice.
    invited_count: int
    # One entry for each user.
    emails: list[str]
    uuids: list[str]
    roles: list[list[str]]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """One token."""

    id: int
    token: str
    fingerprint: str
    expires_at: str | None
    abilities: list[str]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts since the last reset."""

    requests: int
    # By the status that was answered; "none" where there is no answer (yet).
    by_status: dict[str, int]
    created: int
    # Connections that carried at least one API request since the last reset.
    connections_opened: int
    connections_open: int
