"""What today's rules say of a body, for the triage."""

from typing import Any

from invites.explain import explain
from invites.reading import Reader


class Explaining:
    """Explains bodies by the rules that send_invites follows.

    Args:
        reader: Reads as send_invites does.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def explain(self, body: str) -> dict[str, Any]:
        """What would become of a body, as `invites.explain.explain` tells it."""
        return explain(body, self._reader)
