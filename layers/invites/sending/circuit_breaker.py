"""The circuit breaker: while the API or the token is at fault, nobody is sent.

Each execution environment has its own, in memory, and only the invoking thread uses it. What may
be the fault of one source, or of some roles, pauses those alone: see `scoped_breakers`.
"""

from collections.abc import Sequence
from http import HTTPStatus

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Verdict
from invites.sending.circuit import Circuit
from invites.sending.scoped_breakers import MAX_DENIED_PEOPLE, ScopedBreakers

# One failure can be the message's own fault; so many in a row are the API's.
MAX_FAILURES_IN_A_ROW = 5
# So many messages in a row that are stopped without a call are more likely our mistake in reading
# than a mistake of their senders.
MAX_REJECTED_MESSAGES = 10

_API_FAILURES = {Code.SERVER_ERROR, Code.THROTTLED, Code.INTERRUPTED}
_REFUSALS = {Code.NOT_PERMITTED, Code.REFUSED_BY_API}


class CircuitBreaker:
    """Closed at first. Opens for a pause, then is half open: the success of a probe closes it."""

    def __init__(self) -> None:
        self._circuit = Circuit()
        self._scopes = ScopedBreakers()
        # The producers of the calls that failed in a row.
        self._failed: list[str] = []
        self._denied: set[str] = set()
        self._rejected: set[str] = set()
        self._mass_stop_begun = False

    @property
    def is_half_open(self) -> bool:
        """Whether a pause has begun, with no success since: after it only a probe may be sent."""
        return self._circuit.is_half_open

    @property
    def open_until(self) -> float:
        """Epoch seconds at which the pause of everybody ends; 0 if there is none."""
        return self._circuit.open_until

    def open_reason(self, now: float) -> Outcome | None:
        """Everybody's outcome while nobody may be sent; None if some may be."""
        return self._circuit.open_reason(now)

    def open_reason_for(self, job: Job, now: float) -> Outcome | None:
        """The outcome of a person whose source or roles are paused; None if they may be sent."""
        return self._scopes.open_reason_for(job, now)

    def limit_to_probes(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """The jobs that may go side by side: one for each half-open circuit, the probe."""
        return jobs[:1] if self.is_half_open else self._scopes.limit_to_probes(jobs)

    def record(self, jobs: Sequence[Job], outcomes: Sequence[Outcome], now: float) -> list[Outcome]:
        """Count the outcomes of calls that went side by side.

        Args:
            jobs: The jobs that were sent.
            outcomes: Of each job; an outcome without an answer of the API closes no circuit.
            now: Epoch seconds.

        Returns:
            The outcomes. A refusal that counts for a pause becomes that pause, not a stop: it says
            more of the source or the roles than of the person.
        """
        for job, outcome in zip(jobs, outcomes, strict=True):
            self._record(job, outcome, now)
        if self._scopes.record(jobs, outcomes, now):
            self._mass_stop_begun = True
        return [
            self._scopes.pause_instead_of_stop(job, outcome)
            for job, outcome in zip(jobs, outcomes, strict=True)
        ]

    def record_rejected(self, message_id: str) -> None:
        """Count a message that was stopped without a call.

        Too many in a row raise the alarm, since our reading may be at fault. They begin no pause: a
        pause would help none of them and would hold up everybody else.
        """
        self._rejected.add(message_id)
        if len(self._rejected) == MAX_REJECTED_MESSAGES:
            self._mass_stop_begun = True

    def take_mass_stop(self) -> bool:
        """Whether a mass stop has begun since the last call of this method."""
        begun, self._mass_stop_begun = self._mass_stop_begun, False
        return begun

    def _record(self, job: Job, outcome: Outcome, now: float) -> None:
        if outcome.is_success_of_api:
            self._close()
        elif outcome.verdict is Verdict.PAUSE or self._is_too_many(job, outcome):
            self._circuit.open(outcome, now)

    def _is_too_many(self, job: Job, outcome: Outcome) -> bool:
        """Whether so many calls have failed that neither a person nor a source can be at fault."""
        if outcome.code in _REFUSALS:
            self._failed.clear()
        if outcome.reply.status == HTTPStatus.PAYMENT_REQUIRED:
            self._denied.add(job.invite.email)
            return len(self._denied) >= MAX_DENIED_PEOPLE
        if outcome.code not in _API_FAILURES or outcome.throttle_seconds is not None:
            # `Throttle` keeps to a wait that the API names; a pause would come on top of it.
            return False
        self._failed = [*self._failed, job.producer][-MAX_FAILURES_IN_A_ROW:]
        if self.is_half_open:
            return True
        # Five server errors for one source can be due to what that source sends.
        is_one_source = len(set(self._failed)) == 1 and outcome.code is Code.SERVER_ERROR
        return len(self._failed) == MAX_FAILURES_IN_A_ROW and not is_one_source

    def _close(self) -> None:
        self._circuit.close()
        self._failed.clear()
        self._denied.clear()
        self._rejected.clear()
