"""What an operator can see: the list, and one letter."""

import base64
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from dead_letters.letter import DeadLetter
from dead_letters.listing import Listing, describe, iso, make_listing, to_json
from dead_letters.ports import DeadLetterQueue, DeadLetterReader, Explainer
from dead_letters.selection import RequestError, read_where, reject_unknown_fields
from dead_letters.sweep import Sweep, SweepEnd
from invites.clock import Clock

# For finding one letter among many: nobody waits longer for a page.
FIND_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class View:
    """The list and the letters.

    Attributes:
        queue: Letters are received only to show one of them.
        reader: Reads the ledger.
        explainer: Knows today's rules.
        executor: Runs receives in parallel.
        clock: Tells the time.
        retention: Seconds that the queue keeps a message from its first send.
    """

    queue: DeadLetterQueue
    reader: DeadLetterReader
    explainer: Explainer
    executor: Executor
    clock: Clock
    retention: int

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request of JSON; raises RequestError, LedgerError, QueueError."""
        match request.get("action"):
            case "list":
                return self.list(request)
            case "show":
                return self.show(request)
            case _:
                raise RequestError("action: must be list or show")

    def listing(self) -> Listing:
        """All known letters; receives none."""
        return make_listing(self.reader.list_all(), self.queue.count(), self.clock.now())

    def list(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A page of the list; raises RequestError, LedgerError, QueueError."""
        reject_unknown_fields(request, {"action", "where", "next"})
        where = read_where(request.get("where") or {})
        return to_json(self.listing(), where, request.get("next"), self.retention)

    def show(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One letter, whole; raises RequestError, LedgerError, QueueError."""
        reject_unknown_fields(request, {"action", "messageId"})
        message_id = request.get("messageId")
        if not isinstance(message_id, str) or not message_id:
            raise RequestError("messageId: must be the id of a letter")
        record = self.reader.get([message_id]).get(message_id)
        known = describe(record, self.retention) if record else None
        letter, end = self._find(message_id)
        head = {"messageId": message_id, "ledger": known}
        if letter is None:
            return {**head, "found": False, "again": end.is_incomplete}
        return {**head, "found": True, **self._describe(letter)}

    def _find(self, message_id: str) -> tuple[DeadLetter | None, SweepEnd]:
        found: list[DeadLetter] = []

        def compare(letters: Sequence[DeadLetter]) -> set[str]:
            found.extend(letter for letter in letters if letter.message_id == message_id)
            return set()

        sweep = Sweep(self.queue, self.executor, self.clock)
        end = sweep.run(compare, self.clock.now() + FIND_SECONDS, lambda: bool(found))
        return (found[0] if found else None), end

    def _describe(self, letter: DeadLetter) -> dict[str, Any]:
        return {
            "body": letter.body,
            "attributes": {name: _value(given) for name, given in letter.attributes.items()},
            "sent": iso(letter.sent_at),
            "expires": iso(letter.sent_at + self.retention),
            "explanation": self.explainer.explain(letter.body, is_part=letter.is_part),
        }


def _value(attribute: Mapping[str, Any]) -> dict[str, str]:
    if "BinaryValue" in attribute:
        value = base64.b64encode(attribute["BinaryValue"]).decode()
    else:
        value = attribute["StringValue"]
    return {"type": attribute["DataType"], "value": value}
