"""What became of each letter of one call."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dead_letters.letter import DeadLetter
from dead_letters.ports import DeadLetterQueue
from invites.errors import QueueError


@dataclass(slots=True)
class ActionReport:
    """What was done, by message id: exact, not estimated.

    Attributes:
        replayed: The new message id of each replayed letter.
        already_done: Sent or discarded by an earlier call, and only now deleted.
        discarded: Discarded by this call.
        failed: By message id why the letter stays.
        unsure: May have been sent before, and have no room for a mark: these letters stay.
        undeleted: Sent or discarded, but still in the queue: the next scan deletes them.
    """

    replayed: dict[str, str] = field(default_factory=dict)
    already_done: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    undeleted: list[str] = field(default_factory=list)

    def handled(self) -> set[str]:
        """All letters that this call has handled, whatever became of them."""
        return {*self.replayed, *self.already_done, *self.discarded, *self.failed, *self.unsure}


def delete_letters(
    queue: DeadLetterQueue, letters: Sequence[DeadLetter], report: ActionReport
) -> set[str]:
    """Delete letters that are done, or report them as undeleted; returns the deleted ids."""
    try:
        queue.delete([letter.receipt_handle for letter in letters])
    except QueueError:
        report.undeleted += [letter.message_id for letter in letters]
        return set()
    return {letter.message_id for letter in letters}
