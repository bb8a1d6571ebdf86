"""The SpaceMedia API: effects, refusals, tokens, and answers that get lost."""

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, CallError
from invites.invite import Invite
from simulation.fault_kinds import REFUSES_ALL, SHORT_THROTTLE, STATUSES
from simulation.invariants.observer import Observer
from simulation.plan import DAYS, HOUR, Plan
from simulation.world.issued_tokens import IssuedTokens
from simulation.world.lambda_service.environment import Environment
from simulation.world.timeline import Timeline

WINDOW = 60.0
TAKEN = {"message": EMAIL_TAKEN, "errors": {"email": [EMAIL_TAKEN]}}
PAGE = b"<!doctype html><title>Whoops</title>"


@dataclass
class SpaceMedia:
    """The organisation's users, and how calls are answered.

    Attributes:
        refused: By address, the status that a person is refused with, until that is mended.
        users: Who has a user.
        per_minute: The throttle; 0 for none.
        fault: While set, what comes of every call: an answer, or the lack of one.
        refuses: The answer that refuses a person; None for whoever is not refused.
        calls: The moments of all calls.
        invited: How often each address was invited.
        invited_at: When each address was invited last.
    """

    plan: Plan
    observer: Observer
    timeline: Timeline
    tokens: IssuedTokens
    refused: dict[str, int] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    per_minute: int = 0
    fault: Answer | CallError | None = None
    refuses: Callable[[Invite], Answer | None] = lambda _: None
    calls: list[float] = field(default_factory=list)
    invited: Counter[str] = field(default_factory=Counter)
    invited_at: dict[str, float] = field(default_factory=dict)
    _window_ends: float = 0.0
    _used: int = 0
    _outage: int = 0

    def answer(self, invite: Invite, token: str, environment: Environment) -> Answer:
        """The API's answer, its effect done; or one that something on the way gives instead."""
        self.calls.append(self.timeline.now())
        if self.fault:
            return _given(self.fault)
        if self.plan.lasts(SHORT_THROTTLE, HOUR):
            self.observer.was_throttled(invite.email, environment)
            wait = self.plan.second_random.choice(["0", "1"])
            return Answer(429, {"retry-after": wait}, b'{"message": "Too Many Attempts."}')
        if stray := self._instead():
            # A gateway answers for a server that may have done its work.
            if stray.status == 400:
                self.observer.was_bad_request(invite.email)
            if stray.status >= 500 and self.plan.random.random() < 0.3:
                self._work(invite, token, environment, is_answered=False)
            return stray
        if self.plan.happens("api: reset after the effect"):
            self._work(invite, token, environment, is_answered=False)
            raise BrokenCallError("no complete answer: ConnectionResetError")
        if self.plan.happens("api: answer cut short"):
            self._work(invite, token, environment, is_answered=False)
            raise BrokenCallError("no complete answer: IncompleteRead")
        return self._work(invite, token, environment, is_answered=True)

    def do_unseen(self, invite: Invite, token: str, environment: Environment) -> None:
        """Do the work of a call whose answer nobody waits for."""
        self._work(invite, token, environment, is_answered=False)

    def _instead(self) -> Answer | None:
        """An answer that is not the application's."""
        plan = self.plan
        if plan.lasts("api: maintenance", 3 * HOUR):
            return Answer(503, self._retry_after(), PAGE)
        days = DAYS in plan.kinds and not plan.is_healed and plan.note(DAYS)
        if days or plan.lasts("api: outage of hours", 10 * HOUR):
            self._outage = self._outage or plan.random.choice(STATUSES)
            return self._of_status(self._outage)
        for status in STATUSES:
            if plan.happens(f"api: status {status}"):
                return self._of_status(status)
        if plan.happens("api: 200 with a page"):
            return Answer(200, {}, PAGE)
        if plan.happens("api: 200 with other JSON"):
            return Answer(200, {}, b'{"data": []}')
        return None

    def _of_status(self, status: int) -> Answer:
        headers = self._retry_after() if status in (429, 503) else {}
        return Answer(status, headers, b'{"message": "Something went wrong."}')

    def _retry_after(self) -> dict[str, str]:
        seconds = self.plan.random.choice([1, 20, 60, 600])
        date = formatdate(self.timeline.now() + seconds, usegmt=True)
        return self.plan.random.choice([{}, {"retry-after": str(seconds)}, {"retry-after": date}])

    def _work(
        self, invite: Invite, token: str, environment: Environment, *, is_answered: bool
    ) -> Answer:
        """What the application does, and what it would say of it."""
        if not self.tokens.is_good(token):
            return _json(401, {"message": "Unauthenticated."}, {})
        headers, throttled = self._throttle()
        if throttled:
            return Answer(429, headers, b'{"message": "Too Many Attempts."}')
        refused_with = 422 if self.plan.lasts(REFUSES_ALL, 6 * HOUR) else None
        if status := self.refused.get(invite.email) or refused_with:
            if status != 400:
                self.observer.was_refused(invite.email, environment, is_answered=is_answered)
            elif is_answered:
                self.observer.was_bad_request(invite.email)
            # As hostile as can be: it quotes what no log may have.
            return _json(status, {"message": f"{invite.email} {token} is refused."}, headers)
        if refusal := self.refuses(invite):
            return refusal
        if self.plan.unique and invite.email in self.users:
            return _json(422, TAKEN, headers)
        self.users.add(invite.email)
        self.invited[invite.email] += 1
        self.invited_at[invite.email] = self.timeline.now()
        self.observer.was_invited(invite.email, environment, is_answered=is_answered)
        return _json(201, {"data": [{"email": invite.email}]}, headers)

    def _throttle(self) -> tuple[dict[str, str], bool]:
        """Laravel's rate limiter: a counter that is forgotten a window after its first call."""
        if not self.per_minute:
            return {}, False
        if self.timeline.now() >= self._window_ends:
            self._window_ends, self._used = self.timeline.now() + WINDOW, 0
        throttled = self._used >= self.per_minute
        self._used += not throttled
        left = str(self.per_minute - self._used)
        headers = {"x-ratelimit-limit": str(self.per_minute), "x-ratelimit-remaining": left}
        if throttled:
            self.plan.note("api: throttle")
            headers["retry-after"] = str(math.ceil(self._window_ends - self.timeline.now()))
            headers["x-ratelimit-reset"] = str(math.ceil(self._window_ends))
        return headers, throttled


def _given(fault: Answer | CallError) -> Answer:
    if isinstance(fault, CallError):
        raise fault
    return fault


def _json(status: int, content: object, headers: dict[str, str]) -> Answer:
    return Answer(status, headers, json.dumps(content).encode())
