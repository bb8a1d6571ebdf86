"""A replay: letters go back to the signup queue, none lost and none doubled.

For each letter: a note in the ledger, the send, a second note, the deletion. Whoever dies between
two of these leaves a letter in the queue, and a note that says what the next one has to do.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dead_letters.correction import Edit, corrected
from dead_letters.letter import DeadLetter, State
from dead_letters.ports import Actor, Delivery, Intent, Outgoing
from dead_letters.report import ActionReport, delete
from dead_letters.selection import RequestError
from dead_letters.tools import TriageDeps
from invites.errors import LedgerError
from invites.message import REPLAY_OF, ReplayMark


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How letters are to be replayed: `edit` and `again` are for one letter only."""

    actor: Actor
    edit: Edit | None = None
    again: bool = False


class Replay:
    """One call's replay, to be given to a sweep.

    Args:
        deps: Queues, ledger, rules.
        options: How to replay.
        wants: Whether a letter is to be replayed.
    """

    def __init__(
        self, deps: TriageDeps, options: ReplayOptions, wants: Callable[[str], bool]
    ) -> None:
        self._deps = deps
        self._options = options
        self._wants = wants
        self.report = ActionReport()

    def __call__(self, letters: Sequence[DeadLetter]) -> set[str]:
        """Replay those that are wanted; the ids of those that are gone."""
        wanted = [one for one in letters if self._wants(one.message_id)]
        prepared = [one for one in self._deps.executor.map(self._prepare, wanted) if one]
        deliveries = self._deps.signups.send(prepared)
        list(self._deps.executor.map(self._settle, prepared, deliveries))
        over = {*self.report.replayed, *self.report.finished}
        return delete(
            self._deps.queue, [one for one in wanted if one.message_id in over], self.report
        )

    def _prepare(self, letter: DeadLetter) -> Outgoing | None:
        """Note the replay; what to send, or None if nothing may be."""
        try:
            return self._begin(letter)
        except (RequestError, LedgerError) as error:
            self.report.failed[letter.message_id] = str(error)
            return None

    def _begin(self, letter: DeadLetter) -> Outgoing | None:
        edit = self._options.edit
        body = corrected(letter, edit, self._deps.explainer) if edit else letter.body
        if self._options.again:
            # First: were it to fail after the note, nobody would know whether it was sent.
            self._forget(letter, body)
        digest = hashlib.sha256(body.encode()).hexdigest()
        intent = Intent(digest, edit.fields() if edit else [], self._options.again)
        begun = self._deps.writer.begin(letter, intent, self._options.actor)
        if begun.before.is_done:
            self.report.finished.append(letter.message_id)
            return None
        attributes = with_replay_mark(body, letter.attributes, begun.mark)
        if attributes is None and begun.before is State.SENDING:
            self.report.unsure.append(letter.message_id)
            return None
        kept = letter.attributes if attributes is None else attributes
        return Outgoing(letter, body, kept)

    def _forget(self, letter: DeadLetter, body: str) -> None:
        now = self._deps.explainer.explain(body, is_part=letter.is_part)
        people = now.get("invites") or []
        if len(people) != 1 or now.get("moreParts"):
            raise RequestError("again: the letter is not about one person")
        self._deps.claims.forget(people[0]["email"])

    def _settle(self, message: Outgoing, delivery: Delivery) -> None:
        message_id = message.letter.message_id
        try:
            if delivery.message_id:
                self._deps.writer.end(message_id, delivery.message_id)
                self.report.replayed[message_id] = delivery.message_id
                return
            if not delivery.is_unsure:
                self._deps.writer.give_up(message_id)
            self.report.failed[message_id] = f"not sent: {delivery.error}"
        except LedgerError as error:
            self.report.failed[message_id] = str(error)


# Amazon SQS, message quotas: attributes of a message; bytes of body and attributes together.
MAX_ATTRIBUTES = 10
MAX_BYTES = 1024 * 1024


def with_replay_mark(
    body: str, attributes: Mapping[str, Any], mark: ReplayMark
) -> dict[str, Any] | None:
    """The attributes with the mark among them; None if it does not fit."""
    both = {**attributes, REPLAY_OF: {"DataType": "String", "StringValue": str(mark)}}
    fits = len(both) <= MAX_ATTRIBUTES and size(body, both) <= MAX_BYTES
    return both if fits else None


def size(body: str, attributes: Mapping[str, Any]) -> int:
    """Bytes that count towards SQS's limit: the body, and each attribute's name, type and value."""
    return len(body.encode()) + sum(
        len(name.encode())
        + len(one["DataType"].encode())
        + len(one["BinaryValue"] if "BinaryValue" in one else one["StringValue"].encode())
        for name, one in attributes.items()
    )
