"""The dispatcher: the people of a batch, sent side by side, in waves.

One wave is the rule. There are more when slots, the API's throttle or a probe let only some go,
and when one person is in the batch twice. The invoking thread does all waiting and counting; each
of the executor's threads makes one call and returns its outcome.
"""

import contextlib
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from typing import Protocol

from invites.clock import BatchLimits, Clock
from invites.errors import Code, LedgerError
from invites.invite import Invite
from invites.job import Job
from invites.outcome import OUT_OF_TIME, NextTry, Outcome, Verdict
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.rate_limit import MAX_SLOT_DELAY, RateLimiter
from invites.sending.throttle import Throttle

# The most calls for a person in one receive while the API's throttle refuses them. An API that
# names a wait of a second, and refuses again after it, is not called more often.
MAX_THROTTLED_CALLS = 3

# A call that has outlived every deadline. Only a look-up in DNS, which has no time-out, is known to
# take so long.
HUNG = Outcome(
    Verdict.RETRY,
    Code.INTERRUPTED,
    "no answer before the function's end",
    next_try=NextTry(in_doubt=True),
)


class InviteSender(Protocol):
    """Invites one person."""

    def send(self, invite: Invite, deadline: float, slot_end: float) -> Outcome:
        """Every expected error becomes an outcome.

        Args:
            invite: Whom, and with which roles.
            deadline: Epoch seconds at which Lambda ends the function.
            slot_end: Epoch seconds after which the call has no slot any more.
        """


class Dispatcher:
    """Sends for people, as far as slots, throttle, circuit breaker and deadline allow.

    Args:
        sender: Invites one person; called from the executor's threads.
        executor: Runs the calls side by side.
        rate_limiter: Gives out slots, over all execution environments.
        clock: The wall clock, and ways to wait.
        limits: What a batch must keep to.
    """

    def __init__(
        self,
        sender: InviteSender,
        executor: Executor,
        rate_limiter: RateLimiter,
        clock: Clock,
        limits: BatchLimits,
    ) -> None:
        self._sender = sender
        self._executor = executor
        self._rate_limiter = rate_limiter
        self.clock = clock
        self._limits = limits
        self._throttle = Throttle()
        self.breaker = CircuitBreaker()

    def is_late(self, deadline: float) -> bool:
        """Whether the time left is shorter than the longest call."""
        return self.clock.now() > self._latest_call(deadline)

    def is_late_to_send(self, deadline: float) -> bool:
        """Whether the time left is shorter than the longest send to the queue."""
        return self.clock.now() > deadline - self._limits.settle_seconds - self._limits.send_seconds

    def send_all(self, jobs: Sequence[Job], deadline: float, hold_until: float = 0.0) -> None:
        """Set the outcome of each job.

        Args:
            jobs: Jobs that each have a person to invite.
            deadline: Epoch seconds at which Lambda ends the function.
            hold_until: Until when to wait for the end of a pause of everybody, epoch seconds.
        """
        latest = self._latest_call(deadline)
        while waiting := [job for job in jobs if not job.is_decided]:
            now = self.clock.now()
            if reason := self.breaker.open_reason(now):
                if not self._hold(now, min(hold_until, latest)):
                    settle_all(waiting, reason)
            elif self._settle_paused(waiting, now) and self._reserve(waiting, now, latest):
                # The reservation may have taken seconds.
                now = self.clock.now()
                start = max(now, self._ready_at(waiting))
                if start > latest:
                    self._give_back(waiting, now)
                elif start > now:
                    self.clock.sleep(start - now)
                else:
                    self._send(self._next_wave(waiting, now), latest, deadline)

    def _latest_call(self, deadline: float) -> float:
        """The last moment at which sending for a person may begin, epoch seconds."""
        return deadline - self._limits.settle_seconds - self._limits.call_seconds

    def _hold(self, now: float, until: float) -> bool:
        """Wait for the end of a pause, but no longer than `until`; False if that moment is over."""
        if now >= until:
            return False
        self.clock.sleep(min(self.breaker.open_until, until) - now)
        return True

    def _settle_paused(self, waiting: Sequence[Job], now: float) -> bool:
        """Settle the jobs whose source or roles are paused; False if there were any."""
        reasons = [(job, self.breaker.open_reason_for(job, now)) for job in waiting]
        for job, reason in reasons:
            job.outcome = reason or job.outcome
        return not any(reason for _, reason in reasons)

    def _reserve(self, waiting: Sequence[Job], now: float, latest: float) -> bool:
        """Reserve a slot for each job that needs one; False if a job did not get any."""
        new = [job for job in waiting if job.slot is None or job.slot < now - MAX_SLOT_DELAY]
        rate = self._throttle.per_minute(now)
        begin = max(now, self._throttle.closed_until)
        try:
            slots = self._rate_limiter.reserve(len(new), begin, latest, rate) if new else None
        except LedgerError as error:
            settle_all(new, Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error)))
            return False
        if not slots:
            return True
        for job, slot in zip(new, slots.calls, strict=False):
            job.slot, job.slot_end = slot, slot + slots.grace
        later = new[len(slots.calls) :]
        put_back = wait_for_throttle if begin > latest else wait_for_slot
        for job, moment in zip(later, slots.returns, strict=True):
            job.outcome = put_back(moment - now)
        return not later

    def _ready_at(self, waiting: Sequence[Job]) -> float:
        """When the next call may begin."""
        return max(self._throttle.closed_until, min(job.slot or 0.0 for job in waiting))

    def _give_back(self, waiting: Sequence[Job], now: float) -> None:
        """Settle jobs that no time is left for; if the API throttles, they queue up."""
        closed_for = self._throttle.closed_until - now
        if closed_for <= 0:
            settle_all(waiting, OUT_OF_TIME)
            return
        places = self._places(len(waiting), now)
        for job, place in zip(waiting, places, strict=True):
            job.outcome = wait_for_throttle(max(closed_for, place - now))

    def _places(self, count: int, now: float) -> Sequence[float]:
        """When each of `count` jobs comes again, at the rate of the API's throttle if known."""
        if rate := self._throttle.per_minute(now):
            # A ledger that is down costs the order, not the messages: all come again together.
            with contextlib.suppress(LedgerError):
                return self._rate_limiter.queue_up(
                    count, max(now, self._throttle.closed_until), rate
                )
        return [now] * count

    def _next_wave(self, waiting: Sequence[Job], now: float) -> list[Job]:
        """Jobs whose slot has come: each person once, as many as may go side by side."""
        ready = [job for job in waiting if job.slot is not None and job.slot <= now]
        # A second message for a person goes after the first, and finds the person invited.
        firsts = {job.invite.email: job for job in reversed(ready)}
        people = [job for job in ready if firsts[job.invite.email] is job]
        width = self._throttle.max_parallel(self._limits.max_parallel)
        return list(self.breaker.limit_to_probes(people)[:width])

    def _send(self, wave: Sequence[Job], latest: float, deadline: float) -> None:
        calls = [
            self._executor.submit(self._sender.send, job.invite, deadline, job.slot_end)
            for job in wave
        ]
        left = deadline - self._limits.settle_seconds - self.clock.now()
        self.clock.wait(calls, timeout=max(0.0, left))
        self._record(wave, [outcome_of(call) for call in calls], latest)

    def _record(self, wave: Sequence[Job], outcomes: Sequence[Outcome], latest: float) -> None:
        """Record the outcomes of a wave, and settle the jobs that are done for this receive."""
        now = self.clock.now()
        for job, outcome in zip(wave, outcomes, strict=True):
            job.throttled += outcome.throttle_seconds is not None
        self._throttle.record(outcomes, now, max(map(throttle_factor, wave)))
        judged = self.breaker.record(wave, outcomes, now)
        for job, outcome in zip(wave, judged, strict=True):
            if can_retry_now(job, outcome, latest - now):
                # The job goes into another wave of this receive, in a new slot.
                job.slot = None
            else:
                job.outcome = outcome


def outcome_of(call: "Future[Outcome]") -> Outcome:
    """The outcome of a call; an outcome in doubt if the call hangs."""
    if call.done():
        return call.result()
    # A call that has not begun, since threads hang in earlier ones, may not begin any more: its
    # claim would end while it runs.
    return OUT_OF_TIME if call.cancel() else HUNG


def can_retry_now(job: Job, outcome: Outcome, seconds_left: float) -> bool:
    """Whether to send again in this receive: a slot was missed, or the throttle opens in time."""
    if seconds := outcome.throttle_seconds:
        is_patient = job.throttled < MAX_THROTTLED_CALLS
        return is_patient and seconds * throttle_factor(job) <= seconds_left
    return outcome.code is Code.PACED


def throttle_factor(job: Job) -> float:
    """By how much the wait that the API names is prolonged: doubled with each refused call."""
    return 2.0 ** (max(0, job.throttled - 1))


def wait_for_slot(seconds: float) -> Outcome:
    """The outcome of a job that gets a slot in so many seconds."""
    text = "waits for its place in the line"
    return Outcome(Verdict.RETRY, Code.PACED, text, next_try=NextTry(seconds))


def wait_for_throttle(seconds: float) -> Outcome:
    """The outcome of a job while the API takes no calls, for so many seconds or longer.

    The code is not `paced`: a message that came back each time the API says would use up its
    receives in hours. With `throttled` the message also keeps to its backoff.
    """
    text = "the API's throttle is closed for longer than this batch lasts"
    return Outcome(Verdict.RETRY, Code.THROTTLED, text, next_try=NextTry(seconds))


def settle_all(jobs: Sequence[Job], outcome: Outcome) -> None:
    """Give all jobs the same outcome."""
    for job in jobs:
        job.outcome = outcome
