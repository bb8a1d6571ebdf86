"""What came of the letters of one call."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dead_letters.letter import DeadLetter
from dead_letters.sweep import DeadLetterQueue
from invites.errors import QueueError


@dataclass(slots=True)
class ActionReport:
    """What was done, by message id: the exact count of it.

    Attributes:
        replayed: The new message id of each.
        finished: Sent or thrown away before, and only now deleted.
        discarded: Thrown away.
        failed: Why each stays.
        unsure: May have been sent before, and cannot carry a mark: they stay.
        undeleted: Done, but still in the queue: the next scan deletes them.
    """

    replayed: dict[str, str] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    undeleted: list[str] = field(default_factory=list)

    def met(self) -> set[str]:
        """All letters that something came of."""
        return {*self.replayed, *self.finished, *self.discarded, *self.failed, *self.unsure}


def delete(queue: DeadLetterQueue, letters: Sequence[DeadLetter], report: ActionReport) -> set[str]:
    """Delete letters that are dealt with; the ids of those that are gone."""
    try:
        queue.delete([one.receipt_handle for one in letters])
    except QueueError:
        report.undeleted += [one.message_id for one in letters]
        return set()
    return {one.message_id for one in letters}
