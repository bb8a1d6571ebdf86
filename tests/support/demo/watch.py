"""Shows what happens while it happens."""

import time
from collections.abc import Callable

from support.demo.screen import Screen
from support.spacemedia.client import StandIn
from support.stack import Stack

POLL_SECONDS = 0.2

# A message that met an outage waits for its second try. Anything that takes longer than this
# is stuck, and the account will show it as waiting.
PATIENCE_SECONDS = 40.0

# SNS and EventBridge hand over within milliseconds here; this many empty looks in a row mean that
# no message is on its way any more.
SETTLED_LOOKS = 4


class Watch:
    """Prints each call to the API, and each reason that appears in the ledger.

    Attributes:
        pauses: How many messages were seen to be paused.
    """

    def __init__(self, stack: Stack, api: StandIn, screen: Screen) -> None:
        self._stack = stack
        self._api = api
        self._screen = screen
        self._calls = 0
        self._shown: set[str] = set()
        self._empty_looks = 0
        self.pauses = 0

    @property
    def is_queue_empty(self) -> bool:
        """Whether the signup queue has been empty for a while."""
        return self._empty_looks >= SETTLED_LOOKS

    def until(self, is_over: Callable[[], bool]) -> None:
        """Watch until `is_over` returns true, for PATIENCE_SECONDS at most."""
        ends, self._empty_looks = time.monotonic() + PATIENCE_SECONDS, 0
        while time.monotonic() < ends and not is_over():
            self._look()
            time.sleep(POLL_SECONDS)

    def _look(self) -> None:
        waiting = self._stack.messages("SignupQueueUrl")
        dead = self._stack.messages("DeadLetterQueueUrl")
        self._show_calls()
        reasons = self._stack.reasons()
        for message in waiting:
            if row := reasons.get(message["MessageId"]):
                self._show(row["verdict"], message["MessageId"], row)
        for letter in dead:
            if row := reasons.get(letter["MessageId"]):
                self._show("dead", letter["MessageId"], row)
        self._empty_looks = 0 if waiting else self._empty_looks + 1

    def _show_calls(self) -> None:
        calls = self._api.requests()[self._calls :]
        self._calls += len(calls)
        for call in calls:
            who = call.body.get("email") if isinstance(call.body, dict) else None
            answer = call.status or "no answer"
            self._screen.line(f"API     {call.method} {call.path} {who}: {answer}")

    def _show(self, word: str, message_id: str, row: dict[str, str]) -> None:
        line = f"{word:<7} {message_id} {row['code']}: {row['detail']}"
        if line not in self._shown:
            self._shown.add(line)
            self.pauses += word == "pause"
            self._screen.line(line)
