"""What became of a person, and what that means for the message."""

from dataclasses import dataclass
from enum import StrEnum

from invites.errors import Code


class Verdict(StrEnum):
    """What is known of a person after a try."""

    INVITED = "invited"
    ALREADY_INVITED = "already_invited"
    IGNORED = "ignored"
    RETRY = "retry"
    PAUSE = "pause"
    STOP = "stop"

    @property
    def fails(self) -> bool:
        """Whether the message stays in the queue for it."""
        return self in (Verdict.RETRY, Verdict.PAUSE, Verdict.STOP)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a person, and its reason.

    Attributes:
        verdict: What is known.
        code: The stable reason; None for invited and already_invited.
        detail: A sentence for the operator, free of personal data.
        status: HTTP status of the API's answer; None if there was none.
        wait: Seconds that the API asks to wait; None if it does not.
    """

    verdict: Verdict
    code: Code | None = None
    detail: str = ""
    status: int | None = None
    wait: float | None = None
