"""A person on the way to an outcome, and the outcomes of those who were not sent for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import OUT_OF_TIME, Outcome, Verdict

if TYPE_CHECKING:
    from concurrent.futures import Future


# An API that names a wait of a second, and refuses again after it, is not asked any more often than
# this for a person in one receive.
MAX_THROTTLED_CALLS = 3

# Nothing that is known takes so long but a look-up in DNS, which has no time-out of its own.
HUNG = Outcome(
    Verdict.RETRY, Code.INTERRUPTED, "no answer before the function's end", in_doubt=True
)


@dataclass(slots=True)
class Job:
    """A person on the way, and what became of them.

    Attributes:
        producer: Who announces them: a system and its tenant, or the source of our own event.
        slot: The moment that was reserved for their call, epoch seconds.
        begin_by: When that is over: the call begins by then, or takes a new one.
        throttled: How many of their calls the API's throttle has refused in this receive.
        outcome: None as long as they are on the way.
    """

    invite: Invite
    message_id: str
    producer: str = ""
    slot: float | None = None
    begin_by: float = math.inf
    throttled: int = 0
    outcome: Outcome | None = None

    @property
    def result(self) -> Outcome:
        """The outcome, once delivered."""
        if self.outcome is None:
            raise AssertionError("not delivered")
        return self.outcome


def outcome_of(call: "Future[Outcome]") -> Outcome:
    """What came of a call, or that it took too long."""
    if call.done():
        return call.result()
    # Not begun, since threads hang in earlier calls: it may not begin after its claim's end.
    return OUT_OF_TIME if call.cancel() else HUNG


def is_for_now(person: Job, outcome: Outcome, seconds_left: float) -> bool:
    """Whether to go on in this receive: a slot was missed, or the throttle opens in time."""
    if outcome.code is Code.THROTTLED and outcome.retry_after:
        is_patient = person.throttled < MAX_THROTTLED_CALLS
        return is_patient and outcome.retry_after * throttle_factor(person) <= seconds_left
    return outcome.code is Code.PACED


def throttle_factor(person: Job) -> float:
    """By how much a wait that the API's throttle names is prolonged: it doubles with each."""
    return 2.0 ** (max(0, person.throttled - 1))


def wait_for_slot(seconds: float) -> Outcome:
    """Come again in so many seconds."""
    return Outcome(
        Verdict.RETRY, Code.PACED, "waits for its place in the line", retry_after=seconds
    )


def wait_for_throttle(seconds: float) -> Outcome:
    """The API takes no calls for so many seconds: come again then, or later.

    Not `paced`: what the API does not take is no progress in a line, and a message that came again
    each time that the API names, for hours, would use up its receives.
    """
    text = "the API's throttle is closed for longer than this batch lasts"
    return Outcome(Verdict.RETRY, Code.THROTTLED, text, retry_after=seconds)


def settle_all(people: Sequence[Job], outcome: Outcome) -> None:
    """The same becomes of all of them."""
    for person in people:
        person.outcome = outcome
