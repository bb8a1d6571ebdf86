"""A replay: letters go back to the signup queue, none lost and none sent twice.

Each letter takes four steps: a note in the ledger, the send, a second note, the deletion. If the
function is killed between two steps, the letter is still in the queue, and the note says what the
next call has to do.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dead_letters.correction import Edit, corrected
from dead_letters.letter import DeadLetter, State
from dead_letters.ports import Actor, Delivery, Intent, Outgoing, TriageDeps
from dead_letters.report import ActionReport, delete_letters
from dead_letters.selection import RequestError
from invites.errors import LedgerError
from invites.message import REPLAY_OF, ReplayMark


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How to replay.

    Attributes:
        actor: Who acts.
        edit: What replaces address or roles; for a single letter only.
        again: Whether to forget that the person was invited; for a single letter only.
    """

    actor: Actor
    edit: Edit | None = None
    again: bool = False


class Replay:
    """The replay of one call; a sweep hands it the letters.

    Args:
        deps: Queues, ledger, rules.
        options: How to replay.
        is_wanted: Whether to replay the letter with this message id.
    """

    def __init__(
        self, deps: TriageDeps, options: ReplayOptions, is_wanted: Callable[[str], bool]
    ) -> None:
        self._deps = deps
        self._options = options
        self._is_wanted = is_wanted
        self.report = ActionReport()

    def __call__(self, letters: Sequence[DeadLetter]) -> set[str]:
        """Replay the wanted letters; returns the ids of those that it has deleted."""
        wanted = [letter for letter in letters if self._is_wanted(letter.message_id)]
        prepared = list(filter(None, self._deps.executor.map(self._prepare, wanted)))
        deliveries = self._deps.signup_queue.send(prepared)
        list(self._deps.executor.map(self._settle, prepared, deliveries))
        done = {*self.report.replayed, *self.report.already_done}
        over = [letter for letter in wanted if letter.message_id in done]
        return delete_letters(self._deps.queue, over, self.report)

    def _prepare(self, letter: DeadLetter) -> Outgoing | None:
        """Note the replay. Returns what to send, or None if nothing may be sent."""
        try:
            return self._begin(letter)
        except (RequestError, LedgerError) as error:
            self.report.failed[letter.message_id] = str(error)
            return None

    def _begin(self, letter: DeadLetter) -> Outgoing | None:
        edit = self._options.edit
        body = corrected(letter, edit, self._deps.explainer) if edit else letter.body
        if self._options.again:
            # Before the note: a failure after it would leave open whether the letter was sent.
            self._forget(letter, body)
        digest = hashlib.sha256(body.encode()).hexdigest()
        intent = Intent(digest, edit.fields() if edit else [], self._options.again)
        start = self._deps.writer.begin_replay(letter, intent, self._options.actor)
        if start.before.is_done:
            self.report.already_done.append(letter.message_id)
            return None
        attributes = with_replay_mark(body, letter.attributes, start.mark)
        if attributes is None and start.before is State.SENDING:
            self.report.unsure.append(letter.message_id)
            return None
        kept = letter.attributes if attributes is None else attributes
        return Outgoing(letter, body, kept)

    def _forget(self, letter: DeadLetter, body: str) -> None:
        explanation = self._deps.explainer.explain(body, is_part=letter.is_part)
        people = explanation.get("invites") or []
        if len(people) != 1 or explanation.get("moreParts"):
            raise RequestError("again: the letter is not about one person")
        self._deps.forget_claim(people[0]["email"])

    def _settle(self, message: Outgoing, delivery: Delivery) -> None:
        message_id = message.letter.message_id
        try:
            if delivery.message_id:
                self._deps.writer.complete_replay(message_id, delivery.message_id)
                self.report.replayed[message_id] = delivery.message_id
                return
            if not delivery.is_unsure:
                self._deps.writer.cancel_replay(message_id)
            self.report.failed[message_id] = f"not sent: {delivery.error}"
        except LedgerError as error:
            self.report.failed[message_id] = str(error)


# Amazon SQS, message quotas: attributes of a message; bytes of body and attributes together.
MAX_ATTRIBUTES = 10
MAX_BYTES = 1024 * 1024


def with_replay_mark(
    body: str, attributes: Mapping[str, Any], mark: ReplayMark
) -> dict[str, Any] | None:
    """The attributes and the mark; None if the mark does not fit into the message."""
    marked = {**attributes, REPLAY_OF: {"DataType": "String", "StringValue": str(mark)}}
    fits = len(marked) <= MAX_ATTRIBUTES and size(body, marked) <= MAX_BYTES
    return marked if fits else None


def size(body: str, attributes: Mapping[str, Any]) -> int:
    """Bytes that count towards SQS's limit: the body, and each attribute's name, type and value."""
    return len(body.encode()) + sum(
        len(name.encode()) + len(attribute["DataType"].encode()) + _value_size(attribute)
        for name, attribute in attributes.items()
    )


def _value_size(attribute: Mapping[str, Any]) -> int:
    if "BinaryValue" in attribute:
        return len(attribute["BinaryValue"])
    return len(attribute["StringValue"].encode())
