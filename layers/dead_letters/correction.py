"""A correction: the address or roles of one person, sent as a canonical event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dead_letters.letter import DeadLetter
from dead_letters.ports import Explainer
from dead_letters.selection import RequestError
from invites.reading.canonical import CREATED, MAX_ROLES
from invites.rules.role_name import MAX_ROLE_LENGTH, clean

# The source of a corrected event whose letter names none.
SOURCE = "/signup-invites/triage"
# Stands in a form for a character that a form cannot hold.
NOT_HELD = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Edit:
    """What replaces the letter's own address or roles; None leaves what the letter says."""

    email: str | None = None
    roles: tuple[str, ...] | None = None

    def fields(self) -> list[str]:
        """The names of the corrected fields."""
        values = {"email": self.email, "roles": self.roles}
        return [name for name, value in values.items() if value is not None]


def read_edit(value: object) -> Edit:
    """The correction of a request; raises RequestError."""
    if not isinstance(value, Mapping) or not value or value.keys() - {"email", "roles"}:
        raise RequestError("edit: must have email, roles or both, and nothing else")
    email, roles = value.get("email"), value.get("roles")
    if email is not None and not (isinstance(email, str) and email.strip()):
        raise RequestError("edit: email must be text")
    names = roles if isinstance(roles, list) else []
    if any(isinstance(text, str) and NOT_HELD in text for text in (email, *names)):
        raise RequestError(f"edit: {NOT_HELD} stands for what a form cannot hold; replace it")
    if roles is not None and not _are_role_names(roles):
        raise RequestError(
            f"edit: roles must be a list of at most {MAX_ROLES} names, each of at most "
            f"{MAX_ROLE_LENGTH} characters, without invisible characters"
        )
    return Edit(email, None if roles is None else tuple(role.strip() for role in roles))


def corrected(letter: DeadLetter, edit: Edit, explainer: Explainer) -> str:
    """The body to send instead of the letter's.

    Raises:
        RequestError: The letter is about several people, or lacks what the edit leaves out, or
            the corrected event would not be invited either.
    """
    explanation = explainer.explain(letter.body, is_part=letter.is_part)
    people = explanation.get("invites") or []
    # A corrected event is one person's: it would go out instead of all of the letter's.
    if len(people) > 1 or len(explanation.get("parts") or ()) > 1 or explanation.get("moreParts"):
        raise RequestError("edit: the letter is about several people; a correction is for one")
    person = people[0] if people else {}
    email = edit.email or person.get("email")
    roles = list(edit.roles) if edit.roles is not None else person.get("roles")
    if email is None or roles is None:
        missing = "the address: give email" if email is None else "the roles: give roles, or []"
        raise RequestError(f"edit: the letter does not say {missing}")
    body = _event(letter, explanation.get("tenant") or SOURCE, email, roles)
    outcome = explainer.explain(body)
    if outcome.get("outcome") != "invite":
        raise RequestError(f"edit: the person would not be invited: {outcome.get('reason')}")
    return body


def _event(letter: DeadLetter, source: str, email: str, roles: list[str]) -> str:
    head = {"specversion": "1.0", "type": CREATED, "source": source, "id": letter.message_id}
    return json.dumps({**head, "data": {"email": email.strip(), "roles": roles}})


def _are_role_names(roles: object) -> bool:
    return (
        isinstance(roles, list)
        and len(roles) <= MAX_ROLES
        and all(isinstance(role, str) and clean(role) for role in roles)
    )
