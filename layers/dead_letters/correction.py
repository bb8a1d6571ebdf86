"""A correction: address or roles of one person, sent as a canonical event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dead_letters.letter import DeadLetter
from dead_letters.selection import RequestError
from invites.reading.canonical import CREATED, MAX_ROLES
from invites.rules.role_name import clean

# The source of a corrected event whose letter does not say any.
SOURCE = "/signup-invites/triage"
# In a form it stands for a character that the form cannot hold.
NOT_HELD = "\N{REPLACEMENT CHARACTER}"


class Explainer(Protocol):
    """What today's rules say of a body."""

    def explain(self, body: str, *, is_part: bool = False) -> dict[str, Any]:
        """`{"outcome": "invite"|"ignore"|"reject", "invites": […], "reason", "detail", …}`.

        `is_part` says whether the body is one of the events of a list.
        """


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be put in place of what the letter says; None leaves it."""

    email: str | None = None
    roles: tuple[str, ...] | None = None

    def fields(self) -> list[str]:
        """The names of what is corrected."""
        both = {"email": self.email, "roles": self.roles}
        return [name for name, value in both.items() if value is not None]


def read_edit(value: object) -> Edit:
    """The correction of a request; raises RequestError."""
    if not isinstance(value, Mapping) or not value or value.keys() - {"email", "roles"}:
        raise RequestError("edit: must have email, roles or both, and nothing else")
    email, roles = value.get("email"), value.get("roles")
    if email is not None and not (isinstance(email, str) and email.strip()):
        raise RequestError("edit: email must be text")
    if any(isinstance(one, str) and NOT_HELD in one for one in (email, *_listed(roles))):
        raise RequestError(f"edit: {NOT_HELD} stands for what a form cannot hold: replace it")
    if roles is not None and not _are_names(roles):
        raise RequestError(
            "edit: roles must be a list of names, without characters that are not seen"
        )
    return Edit(email, None if roles is None else tuple(role.strip() for role in roles))


def corrected(letter: DeadLetter, edit: Edit, explainer: Explainer) -> str:
    """The body to send instead of the letter's.

    Raises:
        RequestError: The letter is about several people, or does not say what the edit leaves
            out, or the corrected event would not be invited either.
    """
    now = explainer.explain(letter.body, is_part=letter.is_part)
    people = now.get("invites") or []
    # One person's event would go out instead of all of them.
    if len(people) > 1 or len(now.get("parts") or ()) > 1 or now.get("moreParts"):
        raise RequestError("edit: the letter is about several people")
    known = people[0] if people else {}
    email = edit.email or known.get("email")
    roles = list(edit.roles) if edit.roles is not None else known.get("roles")
    if email is None or roles is None:
        what = "address" if email is None else "roles ([] for the default ones)"
        raise RequestError(f"edit: the letter does not say the {what}: give them as well")
    body = _event(letter, now.get("tenant") or SOURCE, email, roles)
    then = explainer.explain(body)
    if then.get("outcome") != "invite":
        raise RequestError(f"edit: it would not be invited: {then.get('reason')}")
    return body


def _event(letter: DeadLetter, source: str, email: str, roles: list[str]) -> str:
    head = {"specversion": "1.0", "type": CREATED, "source": source, "id": letter.message_id}
    return json.dumps({**head, "data": {"email": email.strip(), "roles": roles}})


def _listed(roles: object) -> list[object]:
    return roles if isinstance(roles, list) else []


def _are_names(roles: object) -> bool:
    return (
        isinstance(roles, list)
        and len(roles) <= MAX_ROLES
        and all(isinstance(one, str) and clean(one) for one in roles)
    )
