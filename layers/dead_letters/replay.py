"""A replay: letters go back to the signup queue, none lost and none doubled.

For each letter: a note in the ledger, the send, a second note, the deletion. Whoever dies between
two of these leaves a letter in the queue, and a note that says what the next one has to do.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dead_letters.correction import Edit, corrected
from dead_letters.letter import Letter, State
from dead_letters.ports import Actor, Delivery, Intent, Outgoing
from dead_letters.report import Done, delete
from dead_letters.selection import RequestError
from dead_letters.tools import Tools
from invites.errors import LedgerError
from invites.message import ATTRIBUTE, ReplayMark


@dataclass(frozen=True, slots=True)
class Order:
    """How letters are to be replayed: `edit` and `again` are for one letter only."""

    actor: Actor
    edit: Edit | None = None
    again: bool = False


class Replay:
    """One call's replay, to be given to a sweep.

    Args:
        tools: Queues, ledger, rules.
        order: How to replay.
        wants: Whether a letter is to be replayed.
    """

    def __init__(self, tools: Tools, order: Order, wants: Callable[[str], bool]) -> None:
        self._tools = tools
        self._order = order
        self._wants = wants
        self.done = Done()

    def __call__(self, letters: Sequence[Letter]) -> set[str]:
        """Replay those that are wanted; the ids of those that are gone."""
        wanted = [one for one in letters if self._wants(one.message_id)]
        prepared = [one for one in self._tools.executor.map(self._prepare, wanted) if one]
        deliveries = self._tools.signups.send(prepared)
        list(self._tools.executor.map(self._settle, prepared, deliveries))
        over = {*self.done.replayed, *self.done.finished}
        return delete(
            self._tools.queue, [one for one in wanted if one.message_id in over], self.done
        )

    def _prepare(self, letter: Letter) -> Outgoing | None:
        """Note the replay; what to send, or None if nothing may be."""
        try:
            return self._begin(letter)
        except (RequestError, LedgerError) as error:
            self.done.failed[letter.message_id] = str(error)
            return None

    def _begin(self, letter: Letter) -> Outgoing | None:
        edit = self._order.edit
        body = corrected(letter, edit, self._tools.explainer) if edit else letter.body
        if self._order.again:
            # First: were it to fail after the note, nobody would know whether it was sent.
            self._forget(letter, body)
        digest = hashlib.sha256(body.encode()).hexdigest()
        intent = Intent(digest, edit.fields() if edit else [], self._order.again)
        begun = self._tools.notes.begin(letter, intent, self._order.actor)
        if begun.before.is_done:
            self.done.finished.append(letter.message_id)
            return None
        attributes = marked(body, letter.attributes, begun.mark)
        if attributes is None and begun.before is State.SENDING:
            self.done.unsure.append(letter.message_id)
            return None
        kept = letter.attributes if attributes is None else attributes
        return Outgoing(letter, body, kept)

    def _forget(self, letter: Letter, body: str) -> None:
        now = self._tools.explainer.explain(body, is_part=letter.is_part)
        people = now.get("invites") or []
        if len(people) != 1 or now.get("moreParts"):
            raise RequestError("again: the letter is not about one person")
        self._tools.claims.forget(people[0]["email"])

    def _settle(self, message: Outgoing, delivery: Delivery) -> None:
        message_id = message.letter.message_id
        try:
            if delivery.message_id:
                self._tools.notes.end(message_id, delivery.message_id)
                self.done.replayed[message_id] = delivery.message_id
                return
            if not delivery.is_unsure:
                self._tools.notes.give_up(message_id)
            self.done.failed[message_id] = f"not sent: {delivery.error}"
        except LedgerError as error:
            self.done.failed[message_id] = str(error)


# Amazon SQS, message quotas: attributes of a message; bytes of body and attributes together.
MOST_ATTRIBUTES = 10
MOST_BYTES = 1024 * 1024


def marked(body: str, attributes: Mapping[str, Any], mark: ReplayMark) -> dict[str, Any] | None:
    """The attributes with the mark among them; None if it does not fit."""
    both = {**attributes, ATTRIBUTE: {"DataType": "String", "StringValue": str(mark)}}
    fits = len(both) <= MOST_ATTRIBUTES and size(body, both) <= MOST_BYTES
    return both if fits else None


def size(body: str, attributes: Mapping[str, Any]) -> int:
    """Bytes that count towards SQS's limit: the body, and each attribute's name, type and value."""
    return len(body.encode()) + sum(
        len(name.encode())
        + len(one["DataType"].encode())
        + len(one["BinaryValue"] if "BinaryValue" in one else one["StringValue"].encode())
        for name, one in attributes.items()
    )
