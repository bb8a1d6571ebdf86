"""The users of the one organisation that the stand-in knows."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

User = dict[str, Any]

_ORGANIZATION_ID = 1
# Any constant will do: the same organisation and the same roles in every run.
_NAMESPACE = uuid.UUID("5b1c6c0e-7a57-4c7e-9a55-6d8f2f1e0a01")
_ORGANIZATION_UUID = str(uuid.uuid5(_NAMESPACE, "organization"))


class TakenError(Exception):
    """The insert hit the unique index."""


@dataclass(slots=True)
class Address:
    """All that is known about one address, however it was spelled."""

    users: list[User] = field(default_factory=list)
    invited_count: int = 0


class Users:
    """The table of users, with its index on the address."""

    def __init__(self) -> None:
        self._by_address: dict[str, Address] = {}
        self._by_uuid: dict[str, User] = {}

    def taken(self, email: str) -> bool:
        """Whether somebody has this address."""
        return _key(email) in self._by_address

    def invite(self, email: str, roles: list[str], *, unique: bool) -> User:
        """Insert an invited user.

        Raises:
            TakenError: The address is there already, and it has to be unique.
        """
        if unique and self.taken(email):
            raise TakenError(email)
        user = self.add(email, roles)
        self._by_address[_key(email)].invited_count += 1
        return user

    def add(self, email: str, roles: list[str], status: str = "pending") -> User:
        """Insert a user without counting an invitation."""
        user = _new_user(len(self._by_uuid) + 1, email.strip(), roles, status)
        self._by_uuid[user["uuid"]] = user
        self._by_address.setdefault(_key(email), Address()).users.append(user)
        return user

    def find(self, user_uuid: str) -> User | None:
        """Return the user with this uuid."""
        return self._by_uuid.get(user_uuid)

    def report(self) -> list[dict[str, Any]]:
        """List the addresses with what is known about each."""
        return [
            {
                "address": address,
                "invited_count": entry.invited_count,
                "emails": [user["email"] for user in entry.users],
                "uuids": [user["uuid"] for user in entry.users],
                "roles": [[role["name"] for role in user["roles"]] for user in entry.users],
            }
            for address, entry in self._by_address.items()
        ]


def _key(email: str) -> str:
    return email.strip().lower()


def _role(name: str) -> dict[str, Any]:
    role_uuid = uuid.uuid5(_NAMESPACE, name)
    return {"id": role_uuid.int % 1000, "uuid": str(role_uuid), "name": name}


def _new_user(number: int, email: str, roles: list[str], status: str) -> User:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    accepted = status == "accepted"
    return {
        "id": number,
        "uuid": str(uuid.uuid4()),
        "organization_id": _ORGANIZATION_ID,
        "organization_uuid": _ORGANIZATION_UUID,
        **dict.fromkeys(("name", "full_name", "first_name", "last_name")),
        "email": email,
        **dict.fromkeys(("phone", "language", "country", "address", "photo", "profile_photo")),
        "verified": accepted,
        "email_verified_at": now if accepted else None,
        "last_login_at": now if accepted else None,
        "created_at": now,
        "updated_at": now,
        "is_suspended": False,
        "suspended_at": None,
        "invitation_status": status,
        "is_invited": True,
        "roles": [_role(name) for name in roles],
    }
