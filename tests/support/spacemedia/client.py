"""The stand-in for a test: a process that it starts, scripts, looks at and stops."""

import json
import time
from typing import TYPE_CHECKING, Any, Self, Unpack, cast
from urllib.parse import urlsplit

import urllib3

from support.spacemedia.process import StandInError, start_process, stop_process
from support.spacemedia.recording import Recorded
from support.spacemedia.reports import InvitedAddress, IssuedToken, Stats
from support.spacemedia.settings import Settings
from support.spacemedia.steps import Step
from support.spacemedia.tokens import fingerprint

if TYPE_CHECKING:
    import subprocess

__all__ = ("StandIn", "StandInError", "Step", "fingerprint")

# A control call takes a millisecond, but a machine under load may pause the process.
_TIMEOUT = urllib3.Timeout(10.0)
_OK = 200
_POLL_SECONDS = 0.005


class StandIn:
    """The stand-in as a context manager.

    Args:
        port: Where to listen on 127.0.0.1; 0 takes a free port, and keeps it over a restart.
        keepalive: Seconds after which an idle connection is closed.
    """

    def __init__(self, port: int = 0, keepalive: float = 75.0) -> None:
        self._port, self._keepalive = port, keepalive
        self._process: subprocess.Popen[str] | None = None
        self._http = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; `with` does it by itself."""
        self._process, self.url = start_process(self._port, self._keepalive)
        self._port = urlsplit(self.url).port or self._port

    def stop(self) -> None:
        """Stop the process; may be called twice."""
        self._http.clear()
        if self._process is not None:
            stop_process(self._process)
            self._process = None

    def reset(self) -> None:
        """Forget everything: settings, users, tokens, script, recording, hung calls."""
        self._control("POST", "reset")

    def settings(self) -> Settings:
        """Return all settings."""
        return cast("Settings", self._control("GET", "settings"))

    def configure(self, **change: Unpack[Settings]) -> None:
        """Change some settings."""
        self._control("PUT", "settings", dict(change))

    def script(self, *steps: Step, replace: bool = False) -> None:
        """Say what happens to the next calls, after (or in place of) what is scripted already."""
        rows = [step.to_json() for step in steps]
        self._control("POST", "script", {"steps": rows, "replace": replace})

    def remaining(self) -> list[Step]:
        """Return the steps that have not been used up."""
        return [Step(**row) for row in self._control("GET", "script")["steps"]]

    def requests(self) -> list[Recorded]:
        """Return every API request so far."""
        return [Recorded(**row) for row in self._control("GET", "requests")["requests"]]

    def users(self) -> dict[str, InvitedAddress]:
        """Return the users by address."""
        rows = self._control("GET", "users")["users"]
        return {row["address"]: InvitedAddress(**row) for row in rows}

    def add_user(self, email: str, *roles: str, status: str = "accepted") -> None:
        """Put a user there whom nobody has invited through the API."""
        self._control("POST", "users", {"email": email, "roles": list(roles), "status": status})

    def stats(self) -> Stats:
        """Return the counts."""
        return Stats(**self._control("GET", "stats"))

    def tokens(self) -> list[IssuedToken]:
        """Return the tokens, expired ones among them."""
        return [IssuedToken(**row) for row in self._control("GET", "tokens")["tokens"]]

    def add_token(
        self,
        token: str | None = None,
        *,
        ttl: float | None = 3600.0,
        abilities: tuple[str, ...] = ("*",),
    ) -> str:
        """Make a token valid, a new one or the one given; a ttl of None never ends."""
        document = {"token": token, "ttl": ttl, "abilities": list(abilities)}
        return str(self._control("POST", "tokens", document)["token"])

    def revoke(self, token: str) -> bool:
        """Revoke a token; return whether it was there."""
        return bool(self._control("DELETE", f"tokens/{fingerprint(token)}")["revoked"])

    def revoke_all(self) -> int:
        """Revoke all tokens; return how many there were."""
        return int(self._control("DELETE", "tokens/*")["revoked"])

    def wait_for_requests(self, count: int, seconds: float = 5.0) -> list[Recorded]:
        """Return the requests once there are so many.

        Raises:
            TimeoutError: There were fewer all the time.
        """
        deadline = time.monotonic() + seconds
        while self.stats().requests < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"fewer than {count} requests in {seconds} seconds")
            time.sleep(_POLL_SECONDS)
        return self.requests()

    def _control(self, method: str, path: str, document: object = None) -> Any:  # noqa: ANN401
        body = None if document is None else json.dumps(document)
        answer = self._http.request(method, f"{self.url}/_control/{path}", body=body)
        if answer.status != _OK:
            raise StandInError(f"{method} {path}: {answer.data.decode()}")
        return answer.json()
