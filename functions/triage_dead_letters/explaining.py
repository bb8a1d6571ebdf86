"""What today's rules say of a body, for the triage."""

from typing import Any

from invites.address import MAX_LENGTH
from invites.canonical import LONGEST_ROLE, MOST_ROLES
from invites.envelope import unwrap
from invites.errors import RejectedError
from invites.explain import explain, readable
from invites.parts import Parts
from invites.reading import Reader


class Explaining:
    """Explains bodies by the rules that send_invites follows.

    Args:
        reader: Reads as send_invites does.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def explain(self, body: str, *, is_part: bool = False) -> dict[str, Any]:
        """What would become of a body, as `invites.explain.explain` tells it, and a `hint`.

        The hint is what a canonical event says of email and roles though it is refused: to begin
        a correction with, and for nothing else. So no more of it than a correction takes.
        """
        return {**explain(body, self._reader, is_part=is_part), "hint": _hint(body)}


def _hint(body: str) -> dict[str, Any]:
    try:
        event = unwrap(body)
    except RejectedError:
        return {}
    if isinstance(event, Parts):
        return {}
    data = event.content.get("data", event.content)
    found = data if isinstance(data, dict) else {}
    email, roles = found.get("email"), found.get("roles")
    names = roles[:MOST_ROLES] if isinstance(roles, list) else []
    texts = [one for one in names if isinstance(one, str)]
    return {
        "email": _beginning(email, MAX_LENGTH) if isinstance(email, str) else "",
        "roles": [_beginning(one, LONGEST_ROLE) for one in texts],
    }


def _beginning(text: str, length: int) -> str:
    return readable(text[:length]) or ""
