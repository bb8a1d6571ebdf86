"""What has been received, in order, for tests to look at."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from support.spacemedia.calls import Call
from support.spacemedia.tokens import fingerprint

_PLAIN_HEADERS = ("accept", "content-type", "user-agent", "x-requested-with")
# Recorded only as a fingerprint. `authorization` is the token's, without the word Bearer.
_SECRET_HEADERS = ("x-api-key", "x-api-secret")


@dataclass(slots=True)
class Recorded:
    """One request, and what became of it."""

    sequence: int
    connection: int
    time: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    # None as long as there is no answer, and for ever if there is none.
    status: int | None = None
    answered: float | None = None
    created: bool = False

    def answer(self, status: int) -> None:
        """Note that an answer is on its way."""
        self.status, self.answered = status, time.time()


class Recording:
    """The requests and the connections since the last reset."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self._numbers: dict[object, int] = {}
        self._opened = 0

    def arrive(self, call: Call, connection: object) -> Recorded:
        """Note a request before anything is done about it."""
        entry = Recorded(
            sequence=len(self.requests) + 1,
            connection=self._number(connection),
            time=time.time(),
            method=call.method,
            path=call.path,
            query=call.query,
            headers=_headers_of(call),
            body=call.body,
        )
        self.requests.append(entry)
        return entry

    def lost(self, connection: object) -> None:
        """Note that a connection is closed."""
        self._numbers.pop(connection, None)

    def stats(self) -> dict[str, Any]:
        """Count answers and connections."""
        statuses = Counter(str(entry.status or "none") for entry in self.requests)
        return {
            "requests": len(self.requests),
            "by_status": dict(sorted(statuses.items())),
            "created": sum(entry.created for entry in self.requests),
            "connections_opened": self._opened,
            "connections_open": len(self._numbers),
        }

    def _number(self, connection: object) -> int:
        # Numbered at its first API request, so that a control connection has none.
        if connection not in self._numbers:
            self._opened += 1
            self._numbers[connection] = self._opened
        return self._numbers[connection]


def _headers_of(call: Call) -> dict[str, str]:
    found = {name: call.headers[name] for name in _PLAIN_HEADERS if name in call.headers}
    for name in _SECRET_HEADERS:
        if name in call.headers:
            found[name] = fingerprint(call.headers[name])
    if "authorization" in call.headers:
        found["authorization"] = fingerprint(call.bearer or call.headers["authorization"])
    return found
