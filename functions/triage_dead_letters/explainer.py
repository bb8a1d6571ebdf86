"""What today's rules make of a letter's body."""

from typing import Any

from invites.explain import describe
from invites.reading.envelope import Event
from invites.reading.reader import MessageReader


class RulesExplainer:
    """Explains bodies by the rules that send_invites follows.

    Args:
        reader: Reads messages as send_invites does.
    """

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader

    def explain(self, body: str, *, is_part: bool = False) -> dict[str, Any]:
        """The answer of `invites.explain.describe`, and a `hint`.

        The hint is the email and roles of a canonical event, even one that is refused. The
        console's form starts with it; nothing else uses it.
        """
        parsed = self._reader.inspect(body, is_part=is_part)
        return {**describe(parsed, self._reader), "hint": _hint(parsed.event)}


def _hint(event: Event | None) -> dict[str, Any]:
    if event is None:
        return {}
    data = event.content.get("data", event.content)
    found = data if isinstance(data, dict) else {}
    email, roles = found.get("email"), found.get("roles")
    names = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    return {"email": email if isinstance(email, str) else "", "roles": names}
