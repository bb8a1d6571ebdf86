"""The people of a batch, sent side by side, in waves.

One wave is the rule. There are more when the pace, the API's throttle or a probe lets only some
go, and when one person is in the batch twice. All waiting and counting is the invoking thread's;
the executor's threads make one call each and return what came of it.
"""

import contextlib
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Protocol

from invites.clock import Bounds, Clock
from invites.errors import Code, LedgerError
from invites.invite import Invite
from invites.job import (
    Passenger,
    end_all,
    is_for_now,
    outcome_of,
    paced,
    shut_out,
    throttle_factor,
)
from invites.outcome import LATE, Outcome, Verdict
from invites.sending.circuit_breaker import Breaker
from invites.sending.rate_limit import LATEST_SLOT_USE, Pace
from invites.sending.throttle import Throttle


class InviteSender(Protocol):
    """Invites one person."""

    def send(self, invite: Invite, until: float, begin_by: float) -> Outcome:
        """Every error that is foreseen becomes an outcome.

        `until` is the claim's end, `begin_by` when the call's slot is over: epoch seconds.
        """


class Courier:
    """Sends for people, as far as pace, throttle, breaker and deadline allow.

    Args:
        sender: Invites one person; called from the executor's threads.
        executor: Runs the calls side by side.
        pace: The limit over all execution environments.
        clock: Tells and passes the time.
        bounds: What a batch must keep to.
    """

    def __init__(
        self, sender: InviteSender, executor: Executor, pace: Pace, clock: Clock, bounds: Bounds
    ) -> None:
        self._sender = sender
        self._executor = executor
        self._pace = pace
        self.clock = clock
        self._bounds = bounds
        self._throttle = Throttle()
        self.breaker = Breaker()

    def is_late(self, deadline: float) -> bool:
        """Whether there is no time left for anything that may take as long as a call."""
        return self.clock.now() > deadline - self._bounds.settle - self._bounds.call

    def is_late_to_send(self, deadline: float) -> bool:
        """Whether there is no time left for a send to the queue."""
        return self.clock.now() > deadline - self._bounds.settle - self._bounds.send

    def deliver(
        self, people: Sequence[Passenger], deadline: float, hold_until: float = 0.0
    ) -> None:
        """Give each person an outcome.

        Args:
            people: They get their outcomes set.
            deadline: Epoch seconds at which the function is ended.
            hold_until: Until when a pause of everybody may be waited for, epoch seconds.
        """
        latest = deadline - self._bounds.settle - self._bounds.call
        while waiting := [person for person in people if person.outcome is None]:
            now = self.clock.now()
            if paused := self.breaker.pause(now):
                if not self._hold(now, min(hold_until, latest)):
                    end_all(waiting, paused)
            elif self._end_paused(waiting, now) and self._reserve(waiting, now, latest):
                # Anew: that may have taken its time.
                now = self.clock.now()
                start = max(now, self._ready_at(waiting))
                if start > latest:
                    self._give_back(waiting, now)
                elif start > now:
                    self.clock.sleep(start - now)
                else:
                    self._send(self._wave(waiting, now), latest, deadline)

    def _hold(self, now: float, until: float) -> bool:
        """Wait for the end of a pause, but no longer than until then; False if that is over."""
        if now >= until:
            return False
        self.clock.sleep(min(self.breaker.open_until, until) - now)
        return True

    def _end_paused(self, waiting: Sequence[Passenger], now: float) -> bool:
        """End those whose source or roles are paused; False if there were any."""
        paused = [(one, self.breaker.pause_of(one, now)) for one in waiting]
        for person, outcome in paused:
            person.outcome = outcome
        return not any(outcome for _, outcome in paused)

    def _reserve(self, waiting: Sequence[Passenger], now: float, latest: float) -> bool:
        """Reserve a slot for everybody without one; False if somebody did not get any."""
        new = [one for one in waiting if one.slot is None or one.slot < now - LATEST_SLOT_USE]
        rate = self._throttle.per_minute(now)
        begin = max(now, self._throttle.closed_until)
        try:
            slots = self._pace.reserve(len(new), begin, latest, rate) if new else None
        except LedgerError as error:
            end_all(new, Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error)))
            return False
        if not slots:
            return True
        for person, slot in zip(new, slots.calls, strict=False):
            person.slot, person.begin_by = slot, slot + slots.grace
        later = new[len(slots.calls) :]
        put_back = shut_out if begin > latest else paced
        for person, moment in zip(later, slots.returns, strict=True):
            person.outcome = put_back(moment - now)
        return not later

    def _ready_at(self, waiting: Sequence[Passenger]) -> float:
        """When the next call may begin."""
        return max(self._throttle.closed_until, min(person.slot or 0.0 for person in waiting))

    def _give_back(self, waiting: Sequence[Passenger], now: float) -> None:
        """There is no time for them: they come again, in line if the API is throttling."""
        closed_for = self._throttle.closed_until - now
        if closed_for <= 0:
            end_all(waiting, LATE)
            return
        places = self._places(len(waiting), now)
        for person, place in zip(waiting, places, strict=True):
            person.outcome = shut_out(max(closed_for, place - now))

    def _places(self, count: int, now: float) -> Sequence[float]:
        """Places in the line, at the rate of the API's throttle if it is known."""
        if rate := self._throttle.per_minute(now):
            # A ledger that is down costs the order, not the messages.
            with contextlib.suppress(LedgerError):
                return self._pace.line_up(count, max(now, self._throttle.closed_until), rate)
        return [now] * count

    def _wave(self, waiting: Sequence[Passenger], now: float) -> list[Passenger]:
        """Whose slot has come, each person once, and no more than may go side by side."""
        ready = [person for person in waiting if person.slot is not None and person.slot <= now]
        # A second event for one person goes after the first, and finds them invited.
        people = {person.invite.email: person for person in reversed(ready)}
        first = [person for person in ready if people[person.invite.email] is person]
        return list(self.breaker.admit(first)[: self._throttle.width(self._bounds.width)])

    def _send(self, wave: Sequence[Passenger], latest: float, deadline: float) -> None:
        calls = [
            self._executor.submit(self._sender.send, one.invite, deadline, one.begin_by)
            for one in wave
        ]
        left = deadline - self._bounds.settle - self.clock.now()
        self.clock.wait(calls, timeout=max(0.0, left))
        self._note(wave, [outcome_of(call) for call in calls], latest)

    def _note(self, wave: Sequence[Passenger], outcomes: Sequence[Outcome], latest: float) -> None:
        """Take note of what came of a wave, and end those for whom it is final in this receive."""
        now = self.clock.now()
        for person, outcome in zip(wave, outcomes, strict=True):
            person.throttled += outcome.is_throttle_with_wait
        self._throttle.note(outcomes, now, max(map(throttle_factor, wave)))
        judged = self.breaker.record(wave, outcomes, now)
        for person, outcome in zip(wave, judged, strict=True):
            if is_for_now(person, outcome, latest - now):
                # It stays on the way, for a slot of its own.
                person.slot = None
            else:
                person.outcome = outcome
