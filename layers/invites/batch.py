"""A batch: each message read, all people sent for side by side, each message disposed of."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Protocol

from invites.errors import Code, LedgerError, QueueError
from invites.invite import Invite
from invites.job import Job
from invites.message import Message, ReplayMark
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.reading.reader import MessageReader, ParsedMessage
from invites.reading.splitting import SplitEvents, Splitter
from invites.reasons import ReasonStore, Trace
from invites.retry import Disposition, RetryLimit, decide, give_up_if_exhausted
from invites.sending.dispatcher import Dispatcher


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message."""

    message: Message
    reading: ParsedMessage
    outcome: Outcome
    disposition: Disposition


# A message that there was no time to read.
UNREAD = ParsedMessage(OUT_OF_TIME)

# Seconds for which a batch is held where nobody may be sent. An environment that hands its batches
# back at once receives more than one that works. The price is an idle function for these seconds of
# each receive in an outage.
HOLD_SECONDS = 30.0


class MessageQueue(Splitter, Protocol):
    """The queue that the messages came from."""

    def hide(self, results: Sequence[Result]) -> Mapping[str, str]:
        """Set how long each message that stays is hidden; by message id, why one is not."""

    def delete(self, results: Sequence[Result]) -> Mapping[str, str]:
        """Delete each message that is done; by message id, why one is not."""


@dataclass(slots=True)
class Batch:
    """A batch that is worked on.

    Attributes:
        deadline: Epoch seconds at which the function is ended.
        hold_until: Until when its messages may be held in a pause, epoch seconds.
        traces: By message id, what earlier receives have left in the ledger.
        results: What became of each message, in the order in which they were worked on.
        unsettled: By message id, why the queue did not do what was decided. Such a message comes
            again sooner or later than it should, but it comes, or is deleted by the answer.
    """

    deadline: float
    hold_until: float = 0.0
    traces: Mapping[str, Trace] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    unsettled: dict[str, str] = field(default_factory=dict)

    def bad_requests(self, message_id: str) -> int:
        """How often the API has called a message a bad request in earlier receives."""
        return self.traces.get(message_id, Trace()).bad_requests


class BatchProcessor:
    """Processes batches.

    Args:
        reader: Reads messages.
        dispatcher: Sends for people.
        ledger: Remembers reasons; written from the executor's threads.
        queue: Where the messages came from.
        executor: Runs the ledger's writes side by side.
        retry_limit: How long a message is tried.
        random_fraction: Gives a number from 0 to 1, anew at each call, that spreads the waits.
    """

    def __init__(
        self,
        reader: MessageReader,
        dispatcher: Dispatcher,
        ledger: ReasonStore,
        queue: MessageQueue,
        *,
        executor: Executor,
        retry_limit: RetryLimit,
        random_fraction: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._queue = queue
        self._executor = executor
        self._retry_limit = retry_limit
        self._random_fraction = random_fraction

    def process(self, messages: Sequence[Message], deadline: float) -> Batch:
        """Process a batch, before the function is ended at `deadline` (epoch seconds).

        No message fails another, and none is left out of the results. A message whose earlier
        receives have left no trace may be what ended the function in them. So it comes after all
        others, and by itself; what was done before it is settled in the queue before it is read.
        """
        batch = Batch(deadline, self._hold_until(messages))
        known = duplicate_replays(messages, self._ledger.accepts, self._executor)
        known |= self._recall(messages, batch)
        seen = (
            {one.id for one in messages if one.receive_count == 1}
            | known.keys()
            | batch.traces.keys()
        )
        self._work([one for one in messages if one.id in seen], known, batch)
        untraced = [one for one in messages if one.id not in seen]
        if untraced:
            self._delete(batch.results, batch)
        # In an order of its own at each receive, so that nobody is always behind the one at fault.
        for message in sorted(untraced, key=lambda _: self._random_fraction()):
            self._work([message], self._unread(message, deadline), batch)
            self._delete(batch.results[-1:], batch)
        return batch

    def _hold_until(self, messages: Sequence[Message]) -> float:
        """Until when a pause may hold the batch; not if a message could not be received again."""
        if any(one.receive_count >= self._retry_limit.receives for one in messages):
            return 0.0
        return self._dispatcher.clock.now() + HOLD_SECONDS

    def _recall(self, messages: Sequence[Message], batch: Batch) -> dict[str, ParsedMessage]:
        """Look up earlier receives; what needs no new judgement, or can have none just now."""
        again = [message for message in messages if message.receive_count > 1]
        if not again:
            return {}
        try:
            batch.traces = self._ledger.recall(again)
        except LedgerError as error:
            unknown = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
            return {message.id: ParsedMessage(unknown) for message in again}
        stops = {one: trace.stop for one, trace in batch.traces.items() if trace.stop}
        return {one: ParsedMessage(stop, is_known_stop=True) for one, stop in stops.items()}

    def _unread(self, message: Message, deadline: float) -> dict[str, ParsedMessage]:
        """A reading without a look at the body, where there is no time left for what it may do."""
        return {message.id: UNREAD} if self._dispatcher.is_late(deadline) else {}

    def _work(
        self, messages: Sequence[Message], known: Mapping[str, ParsedMessage], batch: Batch
    ) -> None:
        """Read messages, send for their people side by side, and put back what stays."""
        readings = [
            known.get(one.id) or self._reader.read(one.body, is_part=one.is_part)
            for one in messages
        ]
        outcomes = self._carry_out(messages, readings, batch)
        counts = [
            batch.bad_requests(message.id) + (outcome.code is Code.BAD_REQUEST)
            for message, outcome in zip(messages, outcomes, strict=True)
        ]
        now = self._dispatcher.clock.now()
        ends = [
            give_up_if_exhausted(outcome, message, self._retry_limit, now, count)
            for message, outcome, count in zip(messages, outcomes, counts, strict=True)
        ]
        kept = self._executor.map(self._keep_reason, messages, readings, ends, counts)
        results = [
            Result(
                message,
                reading,
                outcome,
                decide(outcome, message.receive_count, self._random_fraction()),
            )
            for message, reading, outcome in zip(messages, readings, kept, strict=True)
        ]
        batch.results += results
        batch.unsettled |= self._queue.hide(results)

    def _delete(self, results: Sequence[Result], batch: Batch) -> None:
        batch.unsettled |= self._queue.delete(results)

    def _carry_out(
        self, messages: Sequence[Message], readings: Sequence[ParsedMessage], batch: Batch
    ) -> list[Outcome]:
        """What becomes of each message: people are sent for side by side, then lists are split.

        In this order, since ten thousand events of one message may take all of the time.
        """
        ends = [self._end(*one) for one in zip(messages, readings, strict=True)]
        people = [one for one in ends if isinstance(one, Job)]
        self._dispatcher.send_all(people, batch.deadline, batch.hold_until)
        return [
            self._finish(message, end, batch.deadline)
            for message, end in zip(messages, ends, strict=True)
        ]

    def _finish(
        self, message: Message, end: Outcome | Job | SplitEvents, deadline: float
    ) -> Outcome:
        match end:
            case Outcome():
                return end
            case Job():
                return end.result
        return self._split(message, end, deadline)

    def _end(self, message: Message, reading: ParsedMessage) -> Outcome | Job | SplitEvents:
        match reading.content:
            case Outcome() as outcome:
                if outcome.verdict is Verdict.STOP and not reading.is_known_stop:
                    self._dispatcher.breaker.record_rejected(message.id)
                return outcome
            case Invite() as invite:
                return Job(invite, message.id, reading.origin.producer)
            case SplitEvents() as parts:
                return parts

    def _split(self, message: Message, parts: SplitEvents, deadline: float) -> Outcome:
        """Send the parts, then be done with the whole. Sent twice, they find people invited."""
        if self._dispatcher.is_late_to_send(deadline):
            return OUT_OF_TIME
        try:
            self._queue.split(message, parts, lambda: self._dispatcher.is_late_to_send(deadline))
        except QueueError as error:
            return Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))
        return Outcome(Verdict.SPLIT, detail=f"into {len(parts)} messages")

    def _keep_reason(
        self, message: Message, reading: ParsedMessage, outcome: Outcome, bad_requests: int
    ) -> Outcome:
        """Write why the message fails.

        A stop must be written before the message is stopped; the reason of a message that comes
        again anyway is written if it can be. Not that of one that was not read, for lack of time:
        it would be a trace, and what may have ended the function would be among the others.
        """
        if not outcome.verdict.fails or reading.is_known_stop:
            return outcome
        if reading is UNREAD and outcome.verdict is not Verdict.STOP:
            return outcome
        try:
            self._ledger.record(message, reading.origin, outcome, bad_requests)
        except LedgerError as error:
            if outcome.verdict is Verdict.STOP:
                return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
            return replace(outcome, detail=f"{outcome.detail} ({error})")
        return outcome


def duplicate_replays(
    messages: Sequence[Message], accepts: Callable[[ReplayMark], bool], executor: Executor
) -> dict[str, ParsedMessage]:
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
    return {message.id: ParsedMessage(outcome) for message, outcome in outcomes if outcome}
