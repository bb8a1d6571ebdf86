"""The ledger, in memory, with the semantics of its conditional writes."""

import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence

from invites.invite import Invite
from invites.job import Trace
from invites.message import Message, ReplayMark
from invites.outcome import Outcome, Verdict
from invites.sending.claim import Claim, ClaimState, person_key
from invites.sending.rate_limit import RateLimitState, Slots, lower_rate, take_slots
from invites.signup import Origin


class MemoryLedger:
    """Reasons, claims and the pace; one for all execution environments."""

    def __init__(self, now: Callable[[], float], per_minute: int = 0) -> None:
        self._now = now
        self._per_minute = per_minute
        self._owners = itertools.count(1)
        self._claims: dict[str, Claim] = {}
        self._pace = RateLimitState()
        self._random = random.Random(1)  # noqa: S311 - the same places in each run
        self._bad_requests: dict[str, int] = {}
        self.reasons: dict[str, Outcome] = {}

    def recall(self, messages: Sequence[Message]) -> Mapping[str, Trace]:
        """As `Ledger.recall`."""
        return {one.id: self._trace(one.id) for one in messages if one.id in self.reasons}

    def _trace(self, message_id: str) -> Trace:
        reason = self.reasons[message_id]
        is_stop = reason.verdict is Verdict.STOP
        return Trace(reason if is_stop else None, self._bad_requests[message_id])

    def accepts(self, mark: ReplayMark) -> bool:
        """As `Ledger.accepts`: nothing is replayed here."""
        del mark
        return True

    def record(self, message: Message, origin: Origin, outcome: Outcome, bad_requests: int) -> None:
        """As `Ledger.record`."""
        del origin
        if (known := self.reasons.get(message.id)) and known.verdict is Verdict.STOP:
            return
        self.reasons[message.id] = outcome
        self._bad_requests[message.id] = bad_requests

    def claim(self, invite: Invite, until: float) -> Claim:
        """As `Claims.claim`."""
        key = person_key("", invite.email)
        held = self._claims.get(key)
        if held and (held.state is ClaimState.INVITED or held.until >= self._now()):
            return held
        owner = str(next(self._owners))
        self._claims[key] = Claim(ClaimState.ELSEWHERE, owner, until, invite.roles)
        return Claim(ClaimState.OURS, owner, until, invite.roles)

    def complete(self, invite: Invite) -> None:
        """As `Claims.complete`."""
        done = Claim(ClaimState.INVITED, "", 0.0, invite.roles)
        self._claims[person_key("", invite.email)] = done

    def release(self, invite: Invite, claim: Claim) -> None:
        """As `Claims.release`."""
        key = person_key("", invite.email)
        if (held := self._claims.get(key)) and held.owner == claim.owner:
            del self._claims[key]

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """As `Pace.reserve`."""
        rate = lower_rate(self._per_minute, per_minute)
        if not rate:
            return Slots([now] * count, [], grace=math.inf)
        return self._take(count, now, latest, 60 / rate)

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """As `Pace.queue_up`."""
        return self._take(count, now, now - 60, 60 / per_minute).returns

    def _take(self, count: int, now: float, latest: float, interval: float) -> Slots:
        draw = self._random.random()
        slots, self._pace = take_slots(
            self._pace, count, now, latest, interval, random_fraction=draw
        )
        return slots
