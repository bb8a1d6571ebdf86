"""The people of a batch, sent side by side, in waves.

One wave is the rule. There are more when the pace, the API's throttle or a probe lets only some
go, and when one person is in the batch twice. All waiting and counting is the invoking thread's;
the executor's threads make one call each and return what came of it.
"""

import contextlib
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Protocol

from invites.clock import BatchLimits, Clock
from invites.errors import Code, LedgerError
from invites.invite import Invite
from invites.job import (
    Job,
    is_for_now,
    outcome_of,
    settle_all,
    throttle_factor,
    wait_for_slot,
    wait_for_throttle,
)
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.rate_limit import MAX_SLOT_DELAY, RateLimiter
from invites.sending.throttle import Throttle


class InviteSender(Protocol):
    """Invites one person."""

    def send(self, invite: Invite, until: float, begin_by: float) -> Outcome:
        """Every error that is foreseen becomes an outcome.

        `until` is the claim's end, `begin_by` when the call's slot is over: epoch seconds.
        """


class Dispatcher:
    """Sends for people, as far as pace, throttle, breaker and deadline allow.

    Args:
        sender: Invites one person; called from the executor's threads.
        executor: Runs the calls side by side.
        rate_limiter: The limit over all execution environments.
        clock: Tells and passes the time.
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
        """Whether there is no time left for anything that may take as long as a call."""
        return self.clock.now() > deadline - self._limits.settle_seconds - self._limits.call_seconds

    def is_late_to_send(self, deadline: float) -> bool:
        """Whether there is no time left for a send to the queue."""
        return self.clock.now() > deadline - self._limits.settle_seconds - self._limits.send_seconds

    def send_all(self, people: Sequence[Job], deadline: float, hold_until: float = 0.0) -> None:
        """Give each person an outcome.

        Args:
            people: They get their outcomes set.
            deadline: Epoch seconds at which the function is ended.
            hold_until: Until when a pause of everybody may be waited for, epoch seconds.
        """
        latest = deadline - self._limits.settle_seconds - self._limits.call_seconds
        while waiting := [person for person in people if person.outcome is None]:
            now = self.clock.now()
            if paused := self.breaker.open_reason(now):
                if not self._hold(now, min(hold_until, latest)):
                    settle_all(waiting, paused)
            elif self._end_paused(waiting, now) and self._reserve(waiting, now, latest):
                # Anew: that may have taken its time.
                now = self.clock.now()
                start = max(now, self._ready_at(waiting))
                if start > latest:
                    self._give_back(waiting, now)
                elif start > now:
                    self.clock.sleep(start - now)
                else:
                    self._send(self._next_wave(waiting, now), latest, deadline)

    def _hold(self, now: float, until: float) -> bool:
        """Wait for the end of a pause, but no longer than until then; False if that is over."""
        if now >= until:
            return False
        self.clock.sleep(min(self.breaker.open_until, until) - now)
        return True

    def _end_paused(self, waiting: Sequence[Job], now: float) -> bool:
        """End those whose source or roles are paused; False if there were any."""
        paused = [(one, self.breaker.open_reason_for(one, now)) for one in waiting]
        for person, outcome in paused:
            person.outcome = outcome
        return not any(outcome for _, outcome in paused)

    def _reserve(self, waiting: Sequence[Job], now: float, latest: float) -> bool:
        """Reserve a slot for everybody without one; False if somebody did not get any."""
        new = [one for one in waiting if one.slot is None or one.slot < now - MAX_SLOT_DELAY]
        rate = self._throttle.per_minute(now)
        begin = max(now, self._throttle.closed_until)
        try:
            slots = self._rate_limiter.reserve(len(new), begin, latest, rate) if new else None
        except LedgerError as error:
            settle_all(new, Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error)))
            return False
        if not slots:
            return True
        for person, slot in zip(new, slots.calls, strict=False):
            person.slot, person.begin_by = slot, slot + slots.grace
        later = new[len(slots.calls) :]
        put_back = wait_for_throttle if begin > latest else wait_for_slot
        for person, moment in zip(later, slots.returns, strict=True):
            person.outcome = put_back(moment - now)
        return not later

    def _ready_at(self, waiting: Sequence[Job]) -> float:
        """When the next call may begin."""
        return max(self._throttle.closed_until, min(person.slot or 0.0 for person in waiting))

    def _give_back(self, waiting: Sequence[Job], now: float) -> None:
        """There is no time for them: they come again, in line if the API is throttling."""
        closed_for = self._throttle.closed_until - now
        if closed_for <= 0:
            settle_all(waiting, OUT_OF_TIME)
            return
        places = self._places(len(waiting), now)
        for person, place in zip(waiting, places, strict=True):
            person.outcome = wait_for_throttle(max(closed_for, place - now))

    def _places(self, count: int, now: float) -> Sequence[float]:
        """Places in the line, at the rate of the API's throttle if it is known."""
        if rate := self._throttle.per_minute(now):
            # A ledger that is down costs the order, not the messages.
            with contextlib.suppress(LedgerError):
                return self._rate_limiter.queue_up(
                    count, max(now, self._throttle.closed_until), rate
                )
        return [now] * count

    def _next_wave(self, waiting: Sequence[Job], now: float) -> list[Job]:
        """Whose slot has come, each person once, and no more than may go side by side."""
        ready = [person for person in waiting if person.slot is not None and person.slot <= now]
        # A second event for one person goes after the first, and finds them invited.
        people = {person.invite.email: person for person in reversed(ready)}
        first = [person for person in ready if people[person.invite.email] is person]
        return list(self.breaker.admit(first)[: self._throttle.width(self._limits.max_parallel)])

    def _send(self, wave: Sequence[Job], latest: float, deadline: float) -> None:
        calls = [
            self._executor.submit(self._sender.send, one.invite, deadline, one.begin_by)
            for one in wave
        ]
        left = deadline - self._limits.settle_seconds - self.clock.now()
        self.clock.wait(calls, timeout=max(0.0, left))
        self._record(wave, [outcome_of(call) for call in calls], latest)

    def _record(self, wave: Sequence[Job], outcomes: Sequence[Outcome], latest: float) -> None:
        """Take note of what came of a wave, and end those for whom it is final in this receive."""
        now = self.clock.now()
        for person, outcome in zip(wave, outcomes, strict=True):
            person.throttled += outcome.is_throttle_with_wait
        self._throttle.record(outcomes, now, max(map(throttle_factor, wave)))
        judged = self.breaker.record(wave, outcomes, now)
        for person, outcome in zip(wave, judged, strict=True):
            if is_for_now(person, outcome, latest - now):
                # It stays on the way, for a slot of its own.
                person.slot = None
            else:
                person.outcome = outcome
