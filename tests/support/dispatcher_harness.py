"""The dispatcher for its tests: in virtual time, with a record of who was called when."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from dataclasses import replace

from invites.clock import BatchLimits, Clock
from invites.errors import Code
from invites.invite import Invite
from invites.job import Job
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.sending.dispatcher import Dispatcher
from invites.sending.rate_limit import RateLimiter
from support.build import DEADLINE, LIMITS, InlineExecutor, MemoryRateLimiter, VirtualClock
from support.fakes import INVITED, FakeSender
from support.jobs import job_for

DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", reply=Reply(503))
PAUSED = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down")
ONE_AT_A_TIME = replace(LIMITS, max_parallel=1)


def people(count: int, first: int = 0) -> list[Job]:
    """Jobs for `count` people, each with a message of their own."""
    numbers = range(first, first + count)
    return [job_for(f"person{number}") for number in numbers]


def throttled(wait: float | None, limit: int | None = None) -> Outcome:
    """The outcome of a call that the API's throttle refuses, with or without a wait."""
    return Outcome(
        Verdict.RETRY,
        Code.THROTTLED,
        "",
        reply=Reply(429, remaining=0, limit=limit),
        next_try=NextTry(wait),
    )


class DispatcherHarness:
    """A dispatcher in virtual time, and its calls: when, and for whom."""

    def __init__(
        self,
        answer: Callable[[Invite], Outcome] = lambda _: INVITED,
        rate_limiter: RateLimiter | None = None,
        executor: Executor | None = None,
        limits: BatchLimits = LIMITS,
    ) -> None:
        self.clock = VirtualClock()
        self.calls: list[tuple[float, str]] = []
        self._answer = answer
        clock = Clock(self.clock.now, self.clock.sleep, wait)
        self.dispatcher = Dispatcher(
            FakeSender(self._call),
            executor or InlineExecutor(),
            rate_limiter or MemoryRateLimiter(),
            clock,
            limits,
        )

    def send_all(
        self,
        jobs: Sequence[Job],
        deadline: float = DEADLINE,
        hold_until: float = 0.0,
    ) -> list[Outcome]:
        """Send for all, and return the outcomes."""
        self.dispatcher.send_all(jobs, deadline, hold_until)
        return [job.outcome for job in jobs]

    def _call(self, invite: Invite) -> Outcome:
        self.calls.append((self.clock.time, invite.email))
        return self._answer(invite)


def answers(*given: Outcome) -> Callable[[Invite], Outcome]:
    """These answers in turn, whoever is invited, and then success."""
    left = list(given)
    return lambda _: left.pop(0) if left else INVITED
