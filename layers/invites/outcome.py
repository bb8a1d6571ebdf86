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


class Effect(StrEnum):
    """What is known of the call's effect at the API, where it did not succeed."""

    NONE = "none"
    # The call is over and may have had its effect: asking again is the only way to know.
    UNSURE = "unsure"
    # Nothing says that the call is over: the API may still be working on it.
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a person, and its reason.

    Attributes:
        verdict: What is known.
        code: The stable reason; None for invited and already_invited.
        detail: A sentence for the operator, free of personal data.
        status: HTTP status of the API's answer; None if there was none.
        wait: Seconds to wait at least before the next try; None if nothing asks for it.
        effect: What a call that did not succeed may have done.
        cause: The code of the last try, where `code` says that there were too many.
        remaining: Calls that the API still allows in its window; None if it does not say.
        limit: Calls that the API allows in a window; None if it does not say.
    """

    verdict: Verdict
    code: Code | None = None
    detail: str = ""
    status: int | None = None
    wait: float | None = None
    effect: Effect = Effect.NONE
    cause: Code | None = None
    remaining: int | None = None
    limit: int | None = None
