"""A batch: each message read, all people sent for side by side, each message disposed of."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from invites.copies import second_copies
from invites.courier import Courier
from invites.disposition import Disposition, dispose
from invites.errors import Code, LedgerError, QueueError
from invites.exhaustion import Patience, exhaust
from invites.invite import Invite
from invites.message import Message
from invites.outcome import LATE, Outcome, Verdict
from invites.parts import Parts, Splitter
from invites.passenger import Passenger
from invites.reading import Reader, Reading
from invites.reasons import Ledger


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message."""

    message: Message
    reading: Reading
    outcome: Outcome
    disposition: Disposition


class BatchProcessor:
    """Processes batches.

    Args:
        reader: Reads messages.
        courier: Sends for people.
        ledger: Remembers reasons; written from the executor's threads.
        splitter: Makes many messages of one that is about many people.
        executor: Runs the ledger's writes side by side.
        patience: How long a message is tried.
        draw: Gives a number from 0 to 1, anew at each call, that spreads the waits.
    """

    def __init__(
        self,
        reader: Reader,
        courier: Courier,
        ledger: Ledger,
        splitter: Splitter,
        *,
        executor: Executor,
        patience: Patience,
        draw: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._courier = courier
        self._ledger = ledger
        self._splitter = splitter
        self._executor = executor
        self._patience = patience
        self._draw = draw

    def process(self, messages: Sequence[Message], deadline: float) -> list[Result]:
        """Process a batch, before the function is ended at `deadline` (epoch seconds).

        No message fails another, and none is left out of the results.
        """
        copies = second_copies(messages, self._ledger.accepts, self._executor)
        stopped = copies | self._stopped_before(messages)
        readings = [
            stopped.get(one.id) or self._reader.read(one.body, is_part=one.is_part)
            for one in messages
        ]
        outcomes = self._carry_out(messages, readings, deadline)
        kept = self._executor.map(self._keep_reason, messages, readings, outcomes)
        return [
            Result(message, reading, outcome, self._dispose(message, outcome))
            for message, reading, outcome in zip(messages, readings, kept, strict=True)
        ]

    def _stopped_before(self, messages: Sequence[Message]) -> dict[str, Reading]:
        """The messages that need no new judgement, or cannot have one, as the ledger is down."""
        again = [message for message in messages if message.receive_count > 1]
        if not again:
            return {}
        try:
            stops = self._ledger.stops(again)
        except LedgerError as error:
            unknown = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
            return {message.id: Reading(unknown) for message in again}
        return {one: Reading(outcome, is_known_stop=True) for one, outcome in stops.items()}

    def _carry_out(
        self, messages: Sequence[Message], readings: Sequence[Reading], deadline: float
    ) -> list[Outcome]:
        """What becomes of each message; the people are sent for side by side."""
        ends = [self._end(*one, deadline) for one in zip(messages, readings, strict=True)]
        people = [one for one in ends if isinstance(one, Passenger)]
        self._courier.deliver(people, deadline)
        now = self._courier.clock.now()
        outcomes = [one.result if isinstance(one, Passenger) else one for one in ends]
        return [
            exhaust(outcome, message, self._patience, now)
            for message, outcome in zip(messages, outcomes, strict=True)
        ]

    def _end(self, message: Message, reading: Reading, deadline: float) -> Outcome | Passenger:
        match reading.content:
            case Outcome() as outcome:
                if outcome.verdict is Verdict.STOP and not reading.is_known_stop:
                    self._courier.breaker.note_rejected(message.id)
                return outcome
            case Invite() as invite:
                return Passenger(invite, message.id)
            case Parts() as parts:
                return self._split(message, parts, deadline)

    def _split(self, message: Message, parts: Parts, deadline: float) -> Outcome:
        """Send the parts, then be done with the whole. Sent twice, they find people invited."""
        if self._courier.is_late(deadline):
            return LATE
        try:
            self._splitter.split(message, parts, lambda: self._courier.is_late(deadline))
        except QueueError as error:
            return Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))
        return Outcome(Verdict.SPLIT, detail=f"into {len(parts)} messages")

    def _keep_reason(self, message: Message, reading: Reading, outcome: Outcome) -> Outcome:
        """Write why the message fails.

        A stop must be written before the message is stopped; the reason of a message that comes
        again anyway is written if it can be.
        """
        if not outcome.verdict.fails or reading.is_known_stop:
            return outcome
        try:
            self._ledger.record(message, reading.origin, outcome)
        except LedgerError as error:
            if outcome.verdict is Verdict.STOP:
                return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
            return replace(outcome, detail=f"{outcome.detail} ({error})")
        return outcome

    def _dispose(self, message: Message, outcome: Outcome) -> Disposition:
        return dispose(outcome, message.receive_count, self._draw())
