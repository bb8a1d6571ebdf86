"""Second copies of a dead letter that was sent anew: known by their mark, and dropped."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from invites.errors import Code, LedgerError
from invites.message import Message
from invites.outcome import Outcome, Verdict
from invites.reading import Reading
from invites.replay_mark import ReplayMark


def second_copies(
    messages: Sequence[Message], accepts: Callable[[ReplayMark], bool], executor: Executor
) -> dict[str, Reading]:
    """By message id, the replayed messages that do not count, or of which it cannot be known now.

    Args:
        messages: A batch; those without a mark cost nothing.
        accepts: Whether the message with a mark counts; raises LedgerError.
        executor: Asks side by side.
    """

    def judge(message: Message) -> Outcome | None:
        try:
            if message.replay is None or accepts(message.replay):
                return None
        except LedgerError as error:
            return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
        return Outcome(Verdict.IGNORED, Code.REPLAYED_TWICE, "its letter was sent anew before")

    replayed = [message for message in messages if message.replay]
    outcomes = zip(replayed, executor.map(judge, replayed), strict=True)
    return {message.id: Reading(outcome) for message, outcome in outcomes if outcome}
