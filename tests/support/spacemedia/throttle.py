"""Laravel's throttle: a fixed window for each token, which opens with its first call."""

import math
import time
from dataclasses import dataclass


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call exceeds the limit, and the headers to put on its answer."""

    exceeded: bool
    headers: dict[str, str]


_UNLIMITED = Verdict(exceeded=False, headers={})


class Throttle:
    """Counts calls by token."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def hit(self, key: str, limit: int | None, seconds: float) -> Verdict:
        """Count one call; a call that is refused does not count."""
        if limit is None:
            return _UNLIMITED
        now = time.time()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(now + seconds)
        if window.used >= limit:
            return _refused(limit, window.ends, now)
        window.used += 1
        return Verdict(exceeded=False, headers=_counters(limit, limit - window.used))


def _refused(limit: int, ends: float, now: float) -> Verdict:
    # Rounded up: a call after that wait must be let in.
    waiting = {
        "Retry-After": str(math.ceil(ends - now)),
        "X-RateLimit-Reset": str(math.ceil(ends)),
    }
    return Verdict(exceeded=True, headers={**_counters(limit, 0), **waiting})


def _counters(limit: int, remaining: int) -> dict[str, str]:
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(remaining)}
