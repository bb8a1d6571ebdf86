"""Which messages are one signup's: the first, its redrives, and its replays."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Lineage:
    """Knows of each message the one that a producer sent, and which of its copies there are."""

    _first: dict[str, str] = field(default_factory=dict)
    _alive: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def born(self, message_id: str, of: str) -> None:
        """A message is taken, sent anew for another one; or for none, if `of` is empty."""
        first = self._first.get(of, message_id)
        self._first[message_id] = first
        self._alive[first].add(message_id)

    def gone(self, message_id: str) -> bool:
        """A message is in no queue any more; whether a copy of it still is."""
        copies = self._alive[self._first[message_id]]
        copies.discard(message_id)
        return bool(copies)
