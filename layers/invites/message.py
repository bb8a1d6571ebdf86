"""A message as the queue delivers it."""

from dataclasses import dataclass

from invites.replay_mark import ReplayMark


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a batch.

    Attributes:
        id: SQS message id: the handle for the answer and the ledger's reason. It changes when a
            dead letter is sent again, so nothing that must outlive that is keyed on it.
        receipt_handle: Names this receive, for changing its visibility.
        body: The text that the producer sent, untouched.
        receive_count: How often SQS has delivered it, this time included (1 or more).
        sent_at: When SQS accepted it, epoch seconds.
        replay: Of which dead letter it is a replay; None if it says of none.
        is_part: Whether it is one of the events of a list.
    """

    id: str
    receipt_handle: str
    body: str
    receive_count: int
    sent_at: float
    replay: ReplayMark | None = None
    is_part: bool = False
