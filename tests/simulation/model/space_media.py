"""The SpaceMedia API: up, down, or throttled as Laravel throttles."""

import json
import math
from collections import Counter
from collections.abc import Callable

from invites.api.client import Answer
from invites.errors import CallError
from invites.invite import Invite

WINDOW = 60.0

# The model makes the calls of a batch one after the other: ten take as long as one does really.
LATENCY = 0.01


class SpaceMedia:
    """Answers as the API does, and remembers whom it invited, and when.

    Attributes:
        fault: While set, what comes of every call: an answer, or the lack of one.
        refuses: The answer that refuses a person; None for whoever is not refused.
        per_minute: The throttle: calls in a window that begins with its first call; 0 for none.
        invited: How often each address was invited.
        calls: The moments of all calls.
        accepted: The moments of those calls that were not throttled.
        invited_at: When each address was first invited.
    """

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._now = now
        self._sleep = sleep
        self._window_ends = 0.0
        self._used = 0
        self.fault: Answer | CallError | None = None
        self.refuses: Callable[[Invite], Answer | None] = lambda _: None
        self.per_minute = 0
        self.invited: Counter[str] = Counter()
        self.calls: list[float] = []
        self.accepted: list[float] = []
        self.invited_at: dict[str, float] = {}

    def invite(self, invite: Invite, token: str) -> Answer:
        """As `SpaceMediaApi.invite`."""
        del token
        self._sleep(LATENCY)
        self.calls.append(self._now())
        if isinstance(self.fault, CallError):
            raise self.fault
        if self.fault:
            return self.fault
        headers, throttled = self._throttle()
        if throttled:
            return Answer(429, headers, b'{"message": "Too Many Attempts."}')
        self.accepted.append(self._now())
        if refusal := self.refuses(invite):
            return refusal
        if self.invited[invite.email]:
            text = "The email has already been taken."
            return _answer(422, {"message": text, "errors": {"email": [text]}}, headers)
        self.invited[invite.email] += 1
        self.invited_at[invite.email] = self._now()
        return _answer(201, {"data": [{"email": invite.email}]}, headers)

    def _throttle(self) -> tuple[dict[str, str], bool]:
        """Laravel's rate limiter: a counter that is forgotten a window after its first call."""
        if not self.per_minute:
            return {}, False
        now = self._now()
        if now >= self._window_ends:
            self._window_ends, self._used = now + WINDOW, 0
        throttled = self._used >= self.per_minute
        self._used += not throttled
        headers = {
            "x-ratelimit-limit": str(self.per_minute),
            "x-ratelimit-remaining": str(self.per_minute - self._used),
        }
        if throttled:
            headers["retry-after"] = str(math.ceil(self._window_ends - now))
            headers["x-ratelimit-reset"] = str(math.ceil(self._window_ends))
        return headers, throttled


def _answer(status: int, content: object, headers: dict[str, str]) -> Answer:
    return Answer(status, headers, json.dumps(content).encode())
