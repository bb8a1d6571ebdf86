"""The batch, step by step: deduplication, reading, sending side by side, and what the queue does.

`BatchProcessor.process` has the order. A message that may be a poison message, whose body ends
the function, is worked on last and by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Protocol

from invites.errors import Code, LedgerError, QueueError
from invites.job import UNREAD, Job, Trace
from invites.message import Message, ReplayMark
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.reading.reader import MessageReader
from invites.reading.splitting import SplitEvents
from invites.retry import RetryLimit, decide, give_up_if_exhausted
from invites.sending.dispatcher import Dispatcher
from invites.signup import Origin

# Seconds for which a batch is held while a pause lets nobody be sent. An environment that returns
# its batches at once would receive more of them than one that works. The price is a function that
# idles for these seconds of each receive in an outage.
HOLD_SECONDS = 30.0


class MessageQueue(Protocol):
    """The queue that the messages came from."""

    def split(self, message: Message, events: SplitEvents, is_late: Callable[[], bool]) -> None:
        """Send each event as a message of its own, until `is_late()` forbids another send.

        Raises:
            QueueError: Not all events were sent.
        """

    def hide(self, jobs: Sequence[Job]) -> Mapping[str, str]:
        """Hide each message that stays; by message id, the error of one that is not hidden."""

    def delete(self, jobs: Sequence[Job]) -> Mapping[str, str]:
        """Delete each message that is done; by message id, the error of one that is not deleted."""


class ReasonStore(Protocol):
    """Keeps the reason for which a message failed, and knows the replays of dead letters."""

    def recall(self, messages: Sequence[Message]) -> Mapping[str, Trace]:
        """By message id, what earlier receives have left; raises LedgerError."""

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether a replayed message counts: of its attempts the first does; raises LedgerError."""

    def record(self, message: Message, origin: Origin, outcome: Outcome, bad_requests: int) -> None:
        """Keep the last reason of a message that failed, and its bad requests.

        Raises:
            LedgerError: The reason was not kept.
        """


@dataclass(slots=True)
class Batch:
    """A batch at work.

    Attributes:
        deadline: Epoch seconds at which Lambda ends the function.
        hold_until: Until when a pause may hold its messages, epoch seconds.
        jobs: The finished jobs, in the order in which they were worked on.
        unsettled: By message id, the error for which the queue did not hide or delete a message.
            Such a message comes again sooner or later than it should, or the answer deletes it.
    """

    deadline: float
    hold_until: float = 0.0
    jobs: list[Job] = field(default_factory=list)
    unsettled: dict[str, str] = field(default_factory=dict)


class BatchProcessor:
    """Processes batches.

    Args:
        reader: Reads messages.
        dispatcher: Sends the invitations.
        ledger: Keeps reasons; called from the executor's threads.
        queue: Where the messages came from.
        executor: Runs the ledger's calls side by side.
        retry_limit: How long a message is tried.
        random_fraction: Returns a random number from 0 to 1 at each call, to spread the waits.
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
        """Process a batch before `deadline` (epoch seconds), when Lambda ends the function.

        No message fails another, and none is left out. A message that was received before and left
        no trace may be a poison message, which ended the function at that receive. It is worked on
        after all others and by itself, once the queue has deleted the messages that are done.
        """
        batch = Batch(deadline, self._hold_until(messages))
        jobs = [Job(message) for message in messages]
        self._drop_duplicate_replays(jobs)
        self._recall_earlier_receives(jobs)
        untraced = [job for job in jobs if job.is_untraced]
        self._work([job for job in jobs if not job.is_untraced], batch)
        if untraced:
            batch.unsettled |= self._queue.delete(batch.jobs)
        # Shuffled at each receive, so that no message is always behind the poison message.
        for job in sorted(untraced, key=lambda _: self._random_fraction()):
            if self._dispatcher.is_late(deadline):
                job.outcome = OUT_OF_TIME
            self._work([job], batch)
            batch.unsettled |= self._queue.delete([job])
        return batch

    def _hold_until(self, messages: Sequence[Message]) -> float:
        """Until when a pause may hold the batch; 0 if a message is at its last receive."""
        if any(message.receive_count >= self._retry_limit.receives for message in messages):
            return 0.0
        return self._dispatcher.clock.now() + HOLD_SECONDS

    def _work(self, jobs: Sequence[Job], batch: Batch) -> None:
        """People are sent before lists are split: 10,000 events may take all the time there is."""
        self._read(jobs)
        people = [job for job in jobs if job.is_to_send]
        self._dispatcher.send_all(people, batch.deadline, batch.hold_until)
        self._split_lists(jobs, batch.deadline)
        self._give_up_exhausted(jobs)
        self._record_reasons(jobs)
        self._dispose(jobs, batch)

    def _drop_duplicate_replays(self, jobs: Sequence[Job]) -> None:
        """Deduplication: of the copies of a replayed dead letter only one counts, by its mark."""
        replayed = [job for job in jobs if job.message.replay]
        outcomes = self._executor.map(self._duplicate_outcome, replayed)
        for job, outcome in zip(replayed, outcomes, strict=True):
            job.outcome = outcome or job.outcome

    def _duplicate_outcome(self, job: Job) -> Outcome | None:
        try:
            if job.message.replay is None or self._ledger.accepts(job.message.replay):
                return None
        except LedgerError as error:
            return _ledger_unavailable(error)
        text = "its dead letter was replayed before"
        return Outcome(Verdict.IGNORED, Code.REPLAYED_TWICE, text)

    def _recall_earlier_receives(self, jobs: Sequence[Job]) -> None:
        """Look up what earlier receives have left: a stop is final and is not judged again."""
        again = [job for job in jobs if job.message.receive_count > 1]
        if not again:
            return
        try:
            traces = self._ledger.recall([job.message for job in again])
        except LedgerError as error:
            for job in again:
                job.outcome = _ledger_unavailable(error)
            return
        for job in again:
            job.trace = traces.get(job.message.id)
            if job.trace and job.trace.stop:
                job.outcome = job.trace.stop

    def _read(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.is_decided:
                continue
            job.parsed = self._reader.read(job.message.body, is_part=job.message.is_part)
            if isinstance(job.parsed.content, Outcome):
                job.outcome = job.parsed.content
                if job.outcome.verdict is Verdict.STOP:
                    self._dispatcher.breaker.record_rejected(job.message.id)

    def _split_lists(self, jobs: Sequence[Job], deadline: float) -> None:
        for job in jobs:
            if job.is_to_split and isinstance(job.parsed.content, SplitEvents):
                job.outcome = self._split(job.message, job.parsed.content, deadline)

    def _split(self, message: Message, events: SplitEvents, deadline: float) -> Outcome:
        """Send the events; the list is then done. Events sent twice find their people invited."""
        if self._dispatcher.is_late_to_send(deadline):
            return OUT_OF_TIME
        try:
            self._queue.split(message, events, lambda: self._dispatcher.is_late_to_send(deadline))
        except QueueError as error:
            return Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))
        return Outcome(Verdict.SPLIT, detail=f"into {len(events)} messages")

    def _give_up_exhausted(self, jobs: Sequence[Job]) -> None:
        now = self._dispatcher.clock.now()
        for job in jobs:
            job.outcome = give_up_if_exhausted(
                job.outcome, job.message, self._retry_limit, now, job.bad_requests
            )

    def _record_reasons(self, jobs: Sequence[Job]) -> None:
        outcomes = self._executor.map(self._record_reason, jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.outcome = outcome

    def _record_reason(self, job: Job) -> Outcome:
        """Write why the message fails, and return the outcome that results.

        A stop must be written before the message is stopped; the reason of a retried message is
        written if the ledger takes it. An unread message gets no reason: the reason would be a
        trace, and at the next receive a poison message would be read among the others.
        """
        outcome = job.outcome
        if not outcome.verdict.fails or job.is_known_stop:
            return outcome
        if job.parsed is UNREAD and outcome.verdict is not Verdict.STOP:
            return outcome
        try:
            self._ledger.record(job.message, job.parsed.origin, outcome, job.bad_requests)
        except LedgerError as error:
            if outcome.verdict is Verdict.STOP:
                return _ledger_unavailable(error)
            return replace(outcome, detail=f"{outcome.detail} ({error})")
        return outcome

    def _dispose(self, jobs: Sequence[Job], batch: Batch) -> None:
        """Decide what the queue does with each message, and hide the messages that stay."""
        for job in jobs:
            receives = job.message.receive_count
            job.disposition = decide(job.outcome, receives, self._random_fraction())
        batch.jobs += jobs
        batch.unsettled |= self._queue.hide(jobs)


def _ledger_unavailable(error: LedgerError) -> Outcome:
    return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
