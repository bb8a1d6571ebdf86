"""Which messages are one signup's: the first, its redrives, and its replays."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Lineage:
    """Knows for each message the first of its signup, and which copies of that are in a queue."""

    _first: dict[str, str] = field(default_factory=dict)
    _alive: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, message_id: str, of: str) -> None:
        """A message is taken: for the dead letter `of`, or from a producer if that is empty."""
        first = self._first.get(of, message_id)
        self._first[message_id] = first
        self._alive[first].add(message_id)

    def remove(self, message_id: str) -> bool:
        """A message has left the queues; whether a copy of it is still in one."""
        copies = self._alive[self._first[message_id]]
        copies.discard(message_id)
        return bool(copies)
