"""What an exercise of the stack plays in."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aws_adapters.ledger.rows import person_row_key
from invites.sending.claim import person_key
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage
from support.waiting import PATIENCE_SECONDS, wait_until

# What fails is waited for in vain each time: long enough for an environment to start.
IN_VAIN_SECONDS = 10.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scene:
    """The stack, the API's stand-in, the triage, and what the topic of outcomes has told."""

    stack: Stack
    api: StandIn
    triage: Triage
    heard: Callable[[], dict[str, Any]]
    patience: float = PATIENCE_SECONDS

    def wait_until(self, look: Callable[[], T | None], what: str) -> T:
        """Wait as long as the exercise may take.

        Raises:
            TimeoutError: It did not come, in time.
        """
        return wait_until(look, what, self.patience)

    def someone(self) -> str:
        """An address of nobody else's."""
        return f"exercise-{uuid.uuid4()}@example.test"

    def is_invited(self, email: str) -> None:
        """Wait for an invitation."""
        self.wait_until(lambda: email in self.api.users(), "the invitation")

    def row_key(self, email: str) -> dict[str, Any]:
        """A person's key in the ledger."""
        return person_row_key(person_key(self.api.url, email))

    def row(self, email: str) -> dict[str, Any] | None:
        """The ledger's row on a person."""
        table = self.stack.outputs["LedgerTableName"]
        answer = self.stack.client("dynamodb").get_item(TableName=table, Key=self.row_key(email))
        row: dict[str, Any] | None = answer.get("Item")
        return row
