"""A plain caller of the API, for tests that look at the stand-in itself."""

import json
from collections.abc import Mapping
from typing import Self

import urllib3

INVITE = "/api/v1/users"
# Far longer than any answer takes that is not late on purpose.
_SECONDS = 5.0


class Caller:
    """Sends what a well-behaved client would send, once, and follows no redirect."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self.token = url, token
        self._http = urllib3.PoolManager(retries=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.clear()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
        timeout: float = _SECONDS,
    ) -> urllib3.BaseHTTPResponse:
        """Make one call; a header of None is left out."""
        usual = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        wanted = {**usual, **(headers or {})}
        return self._http.request(
            method,
            self._url + path,
            body=body if isinstance(body, bytes) or body is None else json.dumps(body),
            headers={name: value for name, value in wanted.items() if value is not None},
            redirect=False,
            timeout=timeout,
        )

    def invite(
        self, email: str = "new.artist@example.test", *roles: str, timeout: float = _SECONDS
    ) -> urllib3.BaseHTTPResponse:
        """Invite somebody, as an artist unless `roles` are given."""
        body = {"email": email, "roles": list(roles) or ["Artist"]}
        return self.call("POST", INVITE, body, timeout=timeout)
