"""A batch: each message read, all people sent for side by side, each message disposed of."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from invites.disposition import Disposition, dispose
from invites.envelope import unwrap
from invites.errors import Code, LedgerError, RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.message import Message
from invites.outcome import Outcome, Verdict
from invites.signup import Ignored, read_signup


class Ledger(Protocol):
    """Remembers, by message, why it failed."""

    def stops(self, messages: Sequence[Message]) -> Mapping[str, Outcome]:
        """By message id, the stop that an earlier receive ended in; raises LedgerError."""

    def record(self, message: Message, outcome: Outcome) -> None:
        """Keep the last reason of a message that failed; raises LedgerError."""


class InviteSender(Protocol):
    """Invites one person."""

    def send(self, invite: Invite) -> Outcome:
        """Every error that is foreseen becomes an outcome."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for.

    Attributes:
        event_id: The producer's id of the event; None if it gives none, or was not read.
        people: For each person an invite, or what became of them without one.
    """

    event_id: str | None
    people: tuple[Invite | Outcome, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message and of each person in it."""

    message: Message
    event_id: str | None
    outcomes: tuple[Outcome, ...]
    disposition: Disposition


class BatchProcessor:
    """Processes batches.

    Args:
        rules: What the deployment decides on invites.
        sender: Invites one person; called from the executor's threads.
        ledger: Remembers reasons; called from the executor's threads.
        executor: Runs the calls side by side.
        draw: Gives a number from 0 to 1, anew at each call, that spreads the waits.
    """

    def __init__(
        self,
        rules: InviteRules,
        sender: InviteSender,
        ledger: Ledger,
        executor: Executor,
        draw: Callable[[], float],
    ) -> None:
        self._rules = rules
        self._sender = sender
        self._ledger = ledger
        self._executor = executor
        self._draw = draw

    def process(self, messages: Sequence[Message]) -> list[Result]:
        """Process a batch. No message fails another, and none is left out of the results."""
        stopped = self._stopped_before(messages)
        readings = [stopped.get(message.id) or self._read(message) for message in messages]
        everybody = [person for reading in readings for person in reading.people]
        sent = self._executor.map(self._send, [p for p in everybody if isinstance(p, Invite)])
        outcomes = [
            tuple(next(sent) if isinstance(person, Invite) else person for person in reading.people)
            for reading in readings
        ]
        news = [message.id not in stopped for message in messages]
        kept = self._executor.map(self._keep_reasons, messages, outcomes, news)
        return [
            self._dispose(message, reading.event_id, known)
            for message, reading, known in zip(messages, readings, kept, strict=True)
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
            stops = {message.id: unknown for message in again}
        return {message_id: Reading(None, (outcome,)) for message_id, outcome in stops.items()}

    def _read(self, message: Message) -> Reading:
        try:
            signup = read_signup(unwrap(message.body))
            person = signup if isinstance(signup, Ignored) else to_invite(signup, self._rules)
        except RejectedError as error:
            return Reading(None, (Outcome(Verdict.STOP, error.code, str(error)),))
        except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
            return Reading(None, (_internal_error(error),))
        if isinstance(person, Ignored):
            ignored = Outcome(Verdict.IGNORED, person.code, person.detail)
            return Reading(signup.event_id, (ignored,))
        return Reading(signup.event_id, (person,))

    def _send(self, invite: Invite) -> Outcome:
        try:
            return self._sender.send(invite)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
            return _internal_error(error)

    def _keep_reasons(
        self, message: Message, outcomes: tuple[Outcome, ...], new: bool
    ) -> tuple[Outcome, ...]:
        """Write why the message fails.

        A stop must be written before the message is stopped; the reason of a message that comes
        again anyway is written if it can be.
        """
        failed = [outcome for outcome in outcomes if outcome.verdict.fails]
        if not failed or not new:
            return outcomes
        try:
            self._ledger.record(message, failed[-1])
        except LedgerError as error:
            unwritten = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
            return tuple(unwritten if one.verdict is Verdict.STOP else one for one in outcomes)
        return outcomes

    def _dispose(
        self, message: Message, event_id: str | None, outcomes: tuple[Outcome, ...]
    ) -> Result:
        disposition = dispose(outcomes, message.receive_count, self._draw())
        return Result(message, event_id, outcomes, disposition)


def _internal_error(error: Exception) -> Outcome:
    """The error's type and place, not its text, which may hold what the event held."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__} at {PurePath(place.filename).name}:{place.lineno}"
    return Outcome(Verdict.RETRY, Code.INTERNAL_ERROR, detail)
