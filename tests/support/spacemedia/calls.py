"""One HTTP call as Laravel sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been read completely."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    # The body as parsed JSON; as text where it is not JSON; None where there is none.
    body: Any

    @property
    def wants_json(self) -> bool:
        """Whether Laravel would answer an error as JSON."""
        return _prefers_json(self.headers.get("Accept", ""))

    @property
    def bearer(self) -> str:
        """The bearer token, or an empty string for a missing or malformed header."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def input(self) -> dict[str, Any]:
        """What the validator sees: nothing at all, unless the call says JSON and is JSON."""
        is_json = _is_json(self.headers.get("Content-Type", "").lower())
        return self.body if is_json and isinstance(self.body, dict) else {}

    def url(self, path: str) -> str:
        """Make an absolute URL on this server, as Laravel's redirects have it."""
        return f"http://{self.headers.get('Host', '127.0.0.1')}{path}"


async def read_call(request: web.BaseRequest) -> Call:
    """Read a request to its end."""
    raw = await request.read()
    return Call(request.method, request.path, request.query_string, request.headers, _parse(raw))


def _parse(raw: bytes) -> object:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")


# The calls of one client carry one and the same header.
@lru_cache(maxsize=64)
def _prefers_json(accept: str) -> bool:
    """Look at the most wanted type only: `text/html, application/json` is a browser."""
    kinds = [kind.strip().lower() for kind in accept.split(",")]
    return _is_json(max(kinds, key=_weight))


def _weight(kind: str) -> float:
    _, found, weight = kind.partition("q=")
    try:
        return float(weight) if found else 1.0
    except ValueError:
        return 0.0


def _is_json(kind: str) -> bool:
    return "/json" in kind or "+json" in kind
