"""What the tests of the courier share: time passes only where somebody waits."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait

from invites.clock import BatchLimits, Clock
from invites.errors import Code
from invites.invite import Invite
from invites.job import Job
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.sending.dispatcher import Dispatcher
from invites.sending.rate_limit import RateLimiter
from support.build import BOUNDS, DEADLINE, InlineExecutor, MemoryPace, VirtualClock
from support.fakes import INVITED, FakeSender
from support.jobs import job_for

DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))
PAUSED = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down")


def people(count: int, first: int = 0) -> list[Job]:
    """Some people, each with a message of their own."""
    numbers = range(first, first + count)
    return [job_for(f"person{number}") for number in numbers]


def throttled(wait: float | None, limit: int | None = None) -> Outcome:
    """The answer of the API's throttle."""
    return Outcome(
        Verdict.RETRY,
        Code.THROTTLED,
        "",
        reply=Reply(429, remaining=0, limit=limit),
        next_try=NextTry(wait),
    )


class Drive:
    """A courier, and what it does: who was called when."""

    def __init__(
        self,
        answer: Callable[[Invite], Outcome] = lambda _: INVITED,
        pace: RateLimiter | None = None,
        executor: Executor | None = None,
        bounds: BatchLimits = BOUNDS,
    ) -> None:
        self.clock = VirtualClock()
        self.calls: list[tuple[float, str]] = []
        self._answer = answer
        clock = Clock(self.clock.now, self.clock.sleep, wait)
        self.courier = Dispatcher(
            FakeSender(self._call),
            executor or InlineExecutor(),
            pace or MemoryPace(),
            clock,
            bounds,
        )

    def deliver(
        self,
        jobs: Sequence[Job],
        deadline: float = DEADLINE,
        hold_until: float = 0.0,
    ) -> list[Outcome]:
        """Deliver, and give the outcomes."""
        self.courier.send_all(jobs, deadline, hold_until)
        return [job.outcome for job in jobs]

    def _call(self, invite: Invite) -> Outcome:
        self.calls.append((self.clock.time, invite.email))
        return self._answer(invite)


def answers(*given: Outcome) -> Callable[[Invite], Outcome]:
    """These answers in turn, whoever calls, and then success."""
    left = list(given)
    return lambda _: left.pop(0) if left else INVITED
