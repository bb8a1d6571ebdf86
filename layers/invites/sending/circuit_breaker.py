"""The circuit breaker: while the API or the token is at fault, nobody is sent.

It is kept in memory, one in each execution environment, and touched by one thread only. What may
be the fault of one source, or of some roles, pauses those alone: see `scoped_breakers`.
"""

from collections.abc import Sequence
from http import HTTPStatus

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Verdict
from invites.sending.circuit import Circuit
from invites.sending.scoped_breakers import MAX_DENIED_PEOPLE, ScopedBreakers

# Failures in a row, each of which could be the message's own, that together are not.
MAX_FAILURES_IN_A_ROW = 5
# So many messages in a row that are stopped without a call: more likely our mistake than theirs.
MAX_REJECTED_MESSAGES = 10

_API_FAILURES = {Code.SERVER_ERROR, Code.THROTTLED, Code.INTERRUPTED}
_REFUSALS = {Code.NOT_PERMITTED, Code.REFUSED_BY_API}


class CircuitBreaker:
    """Closed at first. Opens for a pause, then half open: a success of one person closes it."""

    def __init__(self) -> None:
        self._circuit = Circuit()
        self._scopes = ScopedBreakers()
        # By whom the calls were that failed in a row.
        self._failed: list[str] = []
        self._denied: set[str] = set()
        self._rejected: set[str] = set()
        self._mass_stop_begun = False

    @property
    def is_half_open(self) -> bool:
        """Whether there was a pause, and no success since: only one person may be sent."""
        return self._circuit.is_half_open

    @property
    def open_until(self) -> float:
        """Epoch seconds at which the pause of everybody ends."""
        return self._circuit.open_until

    def open_reason(self, now: float) -> Outcome | None:
        """What becomes of everybody while nobody is sent; None if some may be."""
        return self._circuit.open_reason(now)

    def open_reason_for(self, job: Job, now: float) -> Outcome | None:
        """What becomes of a person whose source or roles are paused; None if they may be sent."""
        return self._scopes.open_reason_for(job, now)

    def admit(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Of people who could go side by side those who go now: one for each half-open circuit."""
        return jobs[:1] if self.is_half_open else self._scopes.admit(jobs)

    def record(self, jobs: Sequence[Job], outcomes: Sequence[Outcome], now: float) -> list[Outcome]:
        """Take note of what came of calls that went side by side.

        Args:
            jobs: Those that were sent.
            outcomes: What came of each; one that came about without the API changes nothing.
            now: Epoch seconds.

        Returns:
            The outcomes. A refusal that is counted in a pause is its cause, and no stop: it says
            more of the source or the roles than of the person.
        """
        for job, outcome in zip(jobs, outcomes, strict=True):
            self._record(job, outcome, now)
        if self._scopes.record(jobs, outcomes, now):
            self._mass_stop_begun = True
        return [
            self._scopes.as_pause(job, outcome) for job, outcome in zip(jobs, outcomes, strict=True)
        ]

    def record_rejected(self, message_id: str) -> None:
        """Take note of a message that was stopped without a call.

        Too many in a row raise the alarm, as it may be our reading that is at fault. They do not
        pause: that would help none of them, and hold up everybody else.
        """
        self._rejected.add(message_id)
        if len(self._rejected) == MAX_REJECTED_MESSAGES:
            self._mass_stop_begun = True

    def take_mass_stop(self) -> bool:
        """Whether a mass stop has begun since this was last asked."""
        begun, self._mass_stop_begun = self._mass_stop_begun, False
        return begun

    def _record(self, job: Job, outcome: Outcome, now: float) -> None:
        if outcome.is_success_of_api:
            self._close()
        elif outcome.verdict is Verdict.PAUSE or self._is_too_many(job, outcome):
            self._circuit.open(outcome, now)

    def _is_too_many(self, job: Job, outcome: Outcome) -> bool:
        """Whether this is one failure too many for it to be a person's or a source's."""
        if outcome.code in _REFUSALS:
            self._failed.clear()
        if outcome.reply.status == HTTPStatus.PAYMENT_REQUIRED:
            self._denied.add(job.invite.email)
            return len(self._denied) >= MAX_DENIED_PEOPLE
        if outcome.code not in _API_FAILURES or outcome.is_throttle_with_wait:
            # The throttle keeps to the wait that the API names; a pause would come on top.
            return False
        self._failed = [*self._failed, job.producer][-MAX_FAILURES_IN_A_ROW:]
        if self.is_half_open:
            return True
        # Five errors of the server for one source can be about what that source sends.
        is_one_source = len(set(self._failed)) == 1 and outcome.code is Code.SERVER_ERROR
        return len(self._failed) == MAX_FAILURES_IN_A_ROW and not is_one_source

    def _close(self) -> None:
        self._circuit.close()
        self._failed.clear()
        self._denied.clear()
        self._rejected.clear()
