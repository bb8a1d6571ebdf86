"""Where reasons are kept, and replays known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from invites.message import Message, ReplayMark
from invites.outcome import Outcome
from invites.signup import Origin


@dataclass(frozen=True, slots=True)
class Trace:
    """What an earlier receive of a message has left in the ledger.

    Attributes:
        stop: The stop that it ended in; None if the message was to be tried again.
        bad_requests: How often the API has called it a bad request.
    """

    stop: Outcome | None = None
    bad_requests: int = 0


class ReasonStore(Protocol):
    """Remembers, by message, why it failed."""

    def recall(self, messages: Sequence[Message]) -> Mapping[str, Trace]:
        """By message id, what earlier receives have left, if anything; raises LedgerError."""

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether a replayed message counts, and is no second copy; raises LedgerError."""

    def record(self, message: Message, origin: Origin, outcome: Outcome, bad_requests: int) -> None:
        """Keep the last reason of a message that failed, and its bad requests.

        Raises:
            LedgerError: It was not kept.
        """
