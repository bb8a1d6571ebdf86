"""Where reasons are kept, and replays known."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from invites.message import Message
from invites.origin import Origin
from invites.outcome import Outcome
from invites.replay_mark import ReplayMark


class Ledger(Protocol):
    """Remembers, by message, why it failed."""

    def stops(self, messages: Sequence[Message]) -> Mapping[str, Outcome]:
        """By message id, the stop that an earlier receive ended in; raises LedgerError."""

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether a replayed message counts, and is no second copy; raises LedgerError."""

    def record(self, message: Message, origin: Origin, outcome: Outcome) -> None:
        """Keep the last reason of a message that failed; raises LedgerError."""
