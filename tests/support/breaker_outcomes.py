"""People and the outcomes of their calls, for the tests of the circuit breakers."""

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.circuit_breaker import CircuitBreaker
from support.jobs import job_for

NOW = 1_772_443_000.0
INVITED = Outcome(Verdict.INVITED, reply=Reply(201))
TAKEN = Outcome(Verdict.ALREADY_INVITED, reply=Reply(422))
KNOWN = Outcome(Verdict.ALREADY_INVITED)
DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
BROKEN = Outcome(Verdict.RETRY, Code.INTERRUPTED, "no complete answer")
THROTTLED = Outcome(Verdict.RETRY, Code.THROTTLED, "the API is throttling", reply=Reply(429))
BLOCKED = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, "a quota blocks", reply=Reply(402))
DENIED = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, "a policy denies", reply=Reply(403))
BAD = Outcome(Verdict.RETRY, Code.BAD_REQUEST, "a bad request", reply=Reply(400))
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", reply=Reply(422))
ROLES_REFUSED = Outcome(
    Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", reply=Reply(422, is_about_roles=True)
)


def person(
    number: int = 0, producer: str | None = None, roles: tuple[str, ...] = ("Artist",)
) -> Job:
    """A person; each of another producer, unless one is named."""
    return job_for(f"person{number}", f"producer{number}" if producer is None else producer, roles)


def fail(
    breaker: CircuitBreaker, *outcomes: Outcome, now: float = NOW, producer: str | None = None
) -> list[Outcome]:
    """Calls for different people, one after the other; the outcomes as the breaker returns them."""
    return [
        breaker.record([person(number, producer)], [outcome], now)[0]
        for number, outcome in enumerate(outcomes)
    ]


def fail_together(
    breaker: CircuitBreaker, *outcomes: Outcome, now: float = NOW, producer: str | None = None
) -> list[Outcome]:
    """Calls for different people, side by side; the outcomes as the breaker returns them."""
    people = [person(number, producer) for number in range(len(outcomes))]
    return breaker.record(people, outcomes, now)
