"""Bulkheads: a circuit breaker for each source, and for each set of roles.

A producer whose invitations are all refused, or a role that the API does not know any more, pauses
itself and holds up nobody else.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Verdict
from invites.sending.circuit import Circuit

# So many people refused, with no success between them, are more likely a mistake of the source's,
# of the roles' or of ours than their own. The people before the last become dead letters: four for
# each source and execution environment.
MAX_REFUSED_PEOPLE = 5
# The second person whom a policy denies or a quota blocks begins a pause: one person alone may
# have a reason of their own.
MAX_DENIED_PEOPLE = 2

_MAX_PEOPLE = {
    Code.REFUSED_BY_API: MAX_REFUSED_PEOPLE,
    Code.SERVER_ERROR: MAX_REFUSED_PEOPLE,
    Code.NOT_PERMITTED: MAX_DENIED_PEOPLE,
}

# A producer can name any source, so the bulkheads that are kept may not fill the memory.
MAX_SCOPES = 1000

# What a failure is counted against: the code of the failures, and a source, roles, or both.
Scope = tuple[str, ...]


@dataclass(slots=True)
class _Bulkhead:
    """The people who failed since the last success, and the circuit that too many of them open."""

    people: set[str] = field(default_factory=set)
    circuit: Circuit = field(default_factory=Circuit)


class ScopedBreakers:
    """All bulkheads: each is made by its first failure and forgotten with its first success."""

    def __init__(self) -> None:
        self._bulkheads: OrderedDict[Scope, _Bulkhead] = OrderedDict()

    def open_reason_for(self, job: Job, now: float) -> Outcome | None:
        """The outcome of a person whose source or roles are paused; None if neither is."""
        if not self._bulkheads:
            return None
        reasons = (bulkhead.circuit.open_reason(now) for bulkhead in self._bulkheads_of(job))
        return next((reason for reason in reasons if reason), None)

    def limit_to_probes(self, jobs: Sequence[Job]) -> list[Job]:
        """The jobs that may go side by side: one for each half-open circuit, the probe."""
        if not self._bulkheads:
            return list(jobs)
        probed: set[Scope] = set()
        admitted = []
        for job in jobs:
            half_open = self._half_open_scopes_of(job)
            if probed.isdisjoint(half_open):
                probed |= half_open
                admitted.append(job)
        return admitted

    def record(self, jobs: Sequence[Job], outcomes: Sequence[Outcome], now: float) -> bool:
        """Count the outcomes of calls that went side by side.

        A success among them counts as the last of them, whatever their order was.

        Returns:
            Whether so many people were refused that a pause has begun.
        """
        begun = [
            self._count(job, outcome, now) for job, outcome in zip(jobs, outcomes, strict=True)
        ]
        for job, outcome in zip(jobs, outcomes, strict=True):
            if self._bulkheads and outcome.is_success_of_api:
                for scope in _scopes_of(job):
                    self._bulkheads.pop(scope, None)
        return any(begun)

    def pause_instead_of_stop(self, job: Job, outcome: Outcome) -> Outcome:
        """The outcome; a pause for a person whose refusal has opened a circuit, or kept it open."""
        if outcome.code is not Code.REFUSED_BY_API:
            return outcome
        bulkhead = self._bulkheads.get(_scope_at_fault(job, outcome))
        if bulkhead is None or not bulkhead.circuit.is_half_open:
            return outcome
        return replace(outcome, verdict=Verdict.PAUSE, code=Code.MASS_STOP)

    def _bulkheads_of(self, job: Job) -> list[_Bulkhead]:
        return [self._bulkheads[scope] for scope in _scopes_of(job) if scope in self._bulkheads]

    def _half_open_scopes_of(self, job: Job) -> set[Scope]:
        known = (scope for scope in _scopes_of(job) if scope in self._bulkheads)
        return {scope for scope in known if self._bulkheads[scope].circuit.is_half_open}

    def _count(self, job: Job, outcome: Outcome, now: float) -> bool:
        """Count a failure against its scope; True if refusals have begun a pause by it."""
        if outcome.code not in _MAX_PEOPLE or outcome.reply.status == HTTPStatus.PAYMENT_REQUIRED:
            return False
        bulkhead = self._bulkhead(_scope_at_fault(job, outcome))
        bulkhead.people.add(job.invite.email)
        is_probe = bulkhead.circuit.is_half_open
        if len(bulkhead.people) < _MAX_PEOPLE[outcome.code] and not is_probe:
            return False
        cause = _mass_stop(outcome) if outcome.code is Code.REFUSED_BY_API else outcome
        bulkhead.circuit.open(cause, now)
        # The circuit counts from here on: a source that is refused for weeks fills no memory.
        bulkhead.people.clear()
        return outcome.code is Code.REFUSED_BY_API

    def _bulkhead(self, scope: Scope) -> _Bulkhead:
        """The scope's bulkhead, made if there is none; where there are too many, the oldest goes.

        The oldest without a pause goes first, so that no producer can end the pause of another by
        naming many sources.
        """
        if scope not in self._bulkheads:
            if len(self._bulkheads) == MAX_SCOPES:
                del self._bulkheads[self._oldest()]
            self._bulkheads[scope] = _Bulkhead()
        self._bulkheads.move_to_end(scope)
        return self._bulkheads[scope]

    def _oldest(self) -> Scope:
        for scope, bulkhead in self._bulkheads.items():
            if not bulkhead.circuit.is_half_open:
                return scope
        return next(iter(self._bulkheads))


def _scope_at_fault(job: Job, outcome: Outcome) -> Scope:
    """What a failure can be the fault of, as narrow as the API's answer allows to say."""
    refused_for_roles, refused, failed, denied = _scopes_of(job)
    match outcome.code:
        case Code.NOT_PERMITTED:
            return denied
        case Code.SERVER_ERROR:
            return failed
    return refused_for_roles if outcome.reply.is_about_roles else refused


def _scopes_of(job: Job) -> tuple[Scope, Scope, Scope, Scope]:
    """All scopes that a failure of this job may be counted against."""
    producer, roles = job.producer, tuple(sorted(job.invite.roles))
    return (
        (Code.REFUSED_BY_API, "roles", *roles),
        (Code.REFUSED_BY_API, "source", producer),
        (Code.SERVER_ERROR, "source", producer),
        (Code.NOT_PERMITTED, "source and roles", producer, *roles),
    )


def _mass_stop(outcome: Outcome) -> Outcome:
    at_fault = "with these roles" if outcome.reply.is_about_roles else "of this source"
    text = f"{MAX_REFUSED_PEOPLE} people {at_fault} were refused with no success between them"
    return Outcome(Verdict.PAUSE, Code.MASS_STOP, text)
