"""What today's rules say of a body: the one place that knows how events are read."""

from typing import Any

from invites.invite import Invite, InviteRules
from invites.message import Message
from invites.outcome import Verdict
from invites.parts import Parts
from invites.reading import read


class Explaining:
    """Explains bodies by the rules that send_invites follows.

    Args:
        rules: What the deployment decides on invites.
    """

    def __init__(self, rules: InviteRules) -> None:
        self._rules = rules

    def explain(self, body: str) -> dict[str, Any]:
        """What would become of a body, without asking anybody.

        Returns:
            `outcome` (invite, ignore or reject), `source`, `invites` (email and roles of each
            person), `reason` (a code) and `detail`.
        """
        reading = read(Message("", "", body, receive_count=1, sent_at=0.0), self._rules)
        source = reading.origin.source
        match reading.content:
            case Invite() as invite:
                return _explanation("invite", source, [invite.payload()])
            case Parts() as parts:
                detail = f"a list of {len(parts.bodies)} events, each a message of its own"
                return _explanation("invite", source, [], detail=detail)
            case outcome:
                word = "ignore" if outcome.verdict is Verdict.IGNORED else "reject"
                return _explanation(word, source, [], outcome.code, outcome.detail)


def _explanation(
    outcome: str,
    source: str | None,
    invites: list[dict[str, Any]],
    reason: str | None = None,
    detail: str = "",
) -> dict[str, Any]:
    said = {"outcome": outcome, "source": source, "invites": invites}
    return {**said, "reason": reason, "detail": detail}
