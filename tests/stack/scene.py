"""What an exercise of the stack plays in."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_adapters.ledger.rows import person_row_key
from invites.sending.claim import person_key
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage
from support.waiting import wait_until

# Long enough for an environment to start; what fails is waited for in vain each time.
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Scene:
    """The stack, the API's stand-in, the triage, and what the topic of outcomes has told."""

    stack: Stack
    api: StandIn
    triage: Triage
    heard: Callable[[], dict[str, Any]]

    def someone(self) -> str:
        """An address of nobody else's."""
        return f"exercise-{uuid.uuid4()}@example.test"

    def is_invited(self, email: str) -> None:
        """Wait for an invitation."""
        wait_until(lambda: email in self.api.users(), "the invitation", SECONDS)

    def row_key(self, email: str) -> dict[str, Any]:
        """A person's key in the ledger."""
        return person_row_key(person_key(self.api.url, email))

    def row(self, email: str) -> dict[str, Any] | None:
        """The ledger's row on a person."""
        table = self.stack.outputs["LedgerTableName"]
        answer = self.stack.client("dynamodb").get_item(TableName=table, Key=self.row_key(email))
        row: dict[str, Any] | None = answer.get("Item")
        return row
