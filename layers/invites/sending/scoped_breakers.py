"""Circuit breakers of one source, or of some roles, each: a refusal pauses those alone.

The bulkhead pattern: a producer whose invitations are all refused, and a role that the API does not
know any more, hold up nobody else.
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
# of the roles' or of ours than theirs. Those before it are dead letters: four for each source and
# environment.
MAX_REFUSED_PEOPLE = 5
# A second person whom a policy denies or a quota blocks: the first may have a reason of their own.
MAX_DENIED_PEOPLE = 2

# Anybody who may send can name any source: what is counted for them may not fill the memory.
MAX_SCOPES = 1000

# What a failure is counted against: the code of the failures, and a source, roles, or both.
Scope = tuple[str, ...]


@dataclass(slots=True)
class _Scope:
    """The people who failed since the last success, and whether that has become a pause."""

    people: set[str] = field(default_factory=set)
    circuit: Circuit = field(default_factory=Circuit)


class ScopedBreakers:
    """All of them: made with the first failure, forgotten with the first success."""

    def __init__(self) -> None:
        self._scopes: OrderedDict[Scope, _Scope] = OrderedDict()

    def open_reason_for(self, job: Job, now: float) -> Outcome | None:
        """What becomes of a person whose source or roles are paused; None if neither is."""
        pauses = (scope.circuit.open_reason(now) for scope in self._of(job))
        return next((pause for pause in pauses if pause), None)

    def admit(self, jobs: Sequence[Job]) -> list[Job]:
        """Of people who could go side by side those who go: one for each half-open circuit."""
        probed: list[_Scope] = []
        admitted = []
        for job in jobs:
            half_open = [one for one in self._of(job) if one.circuit.is_half_open]
            if not any(one is other for one in half_open for other in probed):
                probed += half_open
                admitted.append(job)
        return admitted

    def record(self, jobs: Sequence[Job], outcomes: Sequence[Outcome], now: float) -> bool:
        """Take note of what came of calls that went side by side.

        A success among them counts as the last of them, whatever their order was.

        Returns:
            Whether so many were refused that a pause has begun.
        """
        begun = [
            self._count(job, outcome, now) for job, outcome in zip(jobs, outcomes, strict=True)
        ]
        for job, outcome in zip(jobs, outcomes, strict=True):
            if outcome.is_success_of_api:
                for scope in _scopes(job):
                    self._scopes.pop(scope, None)
        return any(begun)

    def as_pause(self, job: Job, outcome: Outcome) -> Outcome:
        """The outcome; a refusal that is counted in a pause has become the pause's cause."""
        if outcome.code is not Code.REFUSED_BY_API:
            return outcome
        known = self._scopes.get(_scope_of(job, outcome))
        if known is None or not known.circuit.is_half_open:
            return outcome
        return replace(outcome, verdict=Verdict.PAUSE, code=Code.MASS_STOP)

    def _of(self, job: Job) -> list[_Scope]:
        return [self._scopes[one] for one in _scopes(job) if one in self._scopes]

    def _count(self, job: Job, outcome: Outcome, now: float) -> bool:
        """Count a failure against its scope; whether people refused have now begun a pause."""
        if outcome.code not in _MAX_PEOPLE or outcome.reply.status == HTTPStatus.PAYMENT_REQUIRED:
            return False
        scope = self._entry(_scope_of(job, outcome))
        scope.people.add(job.invite.email)
        if len(scope.people) < _MAX_PEOPLE[outcome.code] and not scope.circuit.is_half_open:
            return False
        cause = _mass_stop(outcome) if outcome.code is Code.REFUSED_BY_API else outcome
        scope.circuit.open(cause, now)
        # The circuit counts from here; a source that is refused for weeks fills no memory.
        scope.people.clear()
        return outcome.code is Code.REFUSED_BY_API

    def _entry(self, key: Scope) -> _Scope:
        """The scope's entry. A new one, where there are too many, takes the place of the oldest.

        That is one without a pause, so that nobody ends another one's by naming many sources.
        """
        if key not in self._scopes:
            if len(self._scopes) == MAX_SCOPES:
                idle = (one for one, it in self._scopes.items() if not it.circuit.is_half_open)
                del self._scopes[next(idle, next(iter(self._scopes)))]
            self._scopes[key] = _Scope()
        self._scopes.move_to_end(key)
        return self._scopes[key]


_MAX_PEOPLE = {
    Code.REFUSED_BY_API: MAX_REFUSED_PEOPLE,
    Code.SERVER_ERROR: MAX_REFUSED_PEOPLE,
    Code.NOT_PERMITTED: MAX_DENIED_PEOPLE,
}


def _scope_of(job: Job, outcome: Outcome) -> Scope:
    """What a failure can be the fault of, as narrow as its answer tells."""
    refused_for_roles, refused, failed, denied = _scopes(job)
    match outcome.code:
        case Code.NOT_PERMITTED:
            return denied
        case Code.SERVER_ERROR:
            return failed
    return refused_for_roles if outcome.reply.is_about_roles else refused


def _scopes(job: Job) -> tuple[Scope, Scope, Scope, Scope]:
    """All that failures of a person's kind are counted against."""
    roles = tuple(sorted(job.invite.roles))
    return (
        (Code.REFUSED_BY_API, "roles", *roles),
        (Code.REFUSED_BY_API, "source", job.producer),
        (Code.SERVER_ERROR, "source", job.producer),
        (Code.NOT_PERMITTED, "source and roles", job.producer, *roles),
    )


def _mass_stop(outcome: Outcome) -> Outcome:
    at_fault = "with these roles" if outcome.reply.is_about_roles else "of this source"
    text = f"{MAX_REFUSED_PEOPLE} people {at_fault} were refused with no success between them"
    return Outcome(Verdict.PAUSE, Code.MASS_STOP, text)
