"""What the simulated services report as it happens. This observer lets everything pass."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.world.aws.queue import QueuedMessage
    from simulation.world.lambda_service.environment import Environment


class Observer:
    """Hears of everything; `Invariants` judges it, this one does not.

    Attributes:
        figures: What is counted.
        at_work: By address, the calls on which the API works though nobody waits for them.
    """

    figures: Counter[str]
    at_work: Counter[str]

    def __init__(self) -> None:
        self.figures = Counter()
        self.at_work = Counter()

    def fail(self, what: str) -> None:
        """Something happens that may not."""
        raise AssertionError(what)

    # The queues.

    def accepted(self, message_id: str, body: str, of: str) -> None:
        """The signup queue has taken a message: for a dead letter with id `of`, or for none."""

    def deleted(self, message: "QueuedMessage") -> None:
        """A message of the signup queue is deleted."""

    def dead_lettered(self, message: "QueuedMessage") -> None:
        """A message has become a dead letter."""

    def expired(self, message: "QueuedMessage") -> None:
        """The queue has deleted a message for its age."""

    def doubled(self, message: "QueuedMessage") -> None:
        """A receive of a message was of no use, and it comes once more."""

    def corrected(self, message: "QueuedMessage") -> str:
        """The body that is sent again for a dead letter."""
        return message.body

    def sent_again(self, message_id: str) -> None:
        """A dead letter is about to be in the signup queue again."""

    def taken_out(self, message: "QueuedMessage") -> None:
        """A dead letter is deleted."""

    # The API.

    def call_begins(self, email: str, token: str, environment: "Environment") -> tuple[str, float]:
        """The function calls the API for a person; a name for this call."""
        del token, environment
        return email, 0.0

    def call_ends(self, call: tuple[str, float]) -> None:
        """The caller has its answer, or waits for it no longer."""

    def was_invited(self, email: str, environment: "Environment", *, is_answered: bool) -> None:
        """The API has invited a person; `is_answered`: the function gets the answer."""

    def was_refused(self, email: str, environment: "Environment", *, is_answered: bool) -> None:
        """The API has refused a person for good."""

    def was_throttled(self, email: str, environment: "Environment") -> None:
        """The API has refused a call for its throttle, and named a wait of a second at most."""

    def was_bad_request(self, email: str) -> None:
        """The API calls a request a bad one, for good or this time."""

    # The ledger.

    def stored(self, key: str, row: Mapping[str, Any]) -> None:
        """A row is written."""

    def removed(self, key: str, row: Mapping[str, Any]) -> None:
        """A row is deleted."""

    def not_written(self, key: str) -> None:
        """The function got an error for a write."""

    def hangs(self, key: str) -> None:
        """A write hangs."""
