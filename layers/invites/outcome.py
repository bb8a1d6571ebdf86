"""The outcome: what became of a person in one try, why, and what the next try must heed."""

import traceback
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from invites.errors import Code


class Verdict(StrEnum):
    """What is known of a person after a try."""

    INVITED = "invited"
    ALREADY_INVITED = "already_invited"
    IGNORED = "ignored"
    SPLIT = "split"
    RETRY = "retry"
    PAUSE = "pause"
    STOP = "stop"

    @property
    def fails(self) -> bool:
        """Whether the message stays in the queue."""
        return self in (Verdict.RETRY, Verdict.PAUSE, Verdict.STOP)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API said.

    Attributes:
        status: HTTP status of its answer; None if there was no answer.
        message: Its own words, addresses and tokens masked. For the ledger, not for a log: no mask
            knows every name.
        remaining: Calls that it still allows in its window; None if it does not say.
        limit: Calls that it allows in a window; None if it does not say.
        answered_at: When it had answered, epoch seconds; None if it did not.
        is_about_roles: Whether it refuses the roles, and nothing else.
        names_other: Whether its answer to a successful invitation is about another address.
    """

    status: int | None = None
    message: str = ""
    remaining: int | None = None
    limit: int | None = None
    answered_at: float | None = None
    is_about_roles: bool = False
    names_other: bool = False


@dataclass(frozen=True, slots=True)
class NextTry:
    """What the next try must heed.

    Attributes:
        retry_after: Seconds to wait at least; None if no wait is asked for.
        in_doubt: Whether the API may still be at work on this call.
    """

    retry_after: float | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a person, and its reason.

    Attributes:
        verdict: What is known.
        code: The stable reason; None for invited and already_invited.
        detail: A sentence for the operator, free of personal data.
        cause: The code of the last try, where `code` says that there were too many.
        roles_differ: Whether the person was invited before with other roles, which they keep.
        reply: What the API said; empty if it was not called.
        next_try: What the next try must heed.
    """

    verdict: Verdict
    code: Code | None = None
    detail: str = ""
    cause: Code | None = None
    roles_differ: bool = False
    reply: Reply = Reply()
    next_try: NextTry = NextTry()

    @property
    def is_success_of_api(self) -> bool:
        """Whether the API itself says that the person is invited, which shows that it works."""
        is_invited = self.verdict in (Verdict.INVITED, Verdict.ALREADY_INVITED)
        return is_invited and self.reply.status is not None

    @property
    def throttle_seconds(self) -> float | None:
        """For how long the API's throttle takes no call; None if it does not throttle or say."""
        return self.next_try.retry_after if self.code is Code.THROTTLED else None


# Too little time is left for a call that may take as long as the longest call.
OUT_OF_TIME = Outcome(Verdict.RETRY, Code.OUT_OF_TIME, "the batch took too long")

# The ledger or the secret took so long that the slot now belongs to another call.
SLOT_MISSED = Outcome(Verdict.RETRY, Code.PACED, "its slot was over before the call could begin")


def internal_error(error: Exception) -> Outcome:
    """A fault of ours: the error's type and place, not its text, which may hold personal data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__} at {PurePath(place.filename).name}:{place.lineno}"
    return Outcome(Verdict.RETRY, Code.INTERNAL_ERROR, detail)
