"""The account: what became of each message, from the API's record, the queues and the ledger.

Nothing here asks the function, or believes its logs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from support.demo.plan import Sending
from support.spacemedia.client import StandIn
from support.stack import Stack

# From outside, an ignored message looks like a lost one: it is gone, and nobody is invited. So its
# sample's expectation decides between the two.
IGNORED = "ignored"
LOST = "LOST"
WAITING = "waiting"
DEAD_LETTERED = "dead_lettered"
OTHER_QUEUE = "undelivered"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: what became of it, and for a dead letter the ledger's reason."""

    sending: Sending
    fate: str
    reason: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether the message met the expected fate."""
        became = self.reason if self.fate == DEAD_LETTERED else self.fate
        return became == self.sending.expected


@dataclass(frozen=True, slots=True)
class Account:
    """All messages, and addresses that were invited although nobody sent them, or twice."""

    entries: tuple[Entry, ...]
    unexpected: tuple[str, ...]

    def count(self, fate: str) -> int:
        """How many messages met this fate."""
        return sum(entry.fate == fate for entry in self.entries)

    @property
    def adds_up(self) -> bool:
        """Whether every message is accounted for as it should be."""
        return not self.unexpected and all(entry.adds_up for entry in self.entries)


def take_account(stack: Stack, api: StandIn, sendings: Sequence[Sending]) -> Account:
    """Look for each message wherever it can be."""
    found = _Findings(stack, api)
    entries = tuple(found.entry(sending) for sending in sendings)
    return Account(entries, found.unexpected())


class _Findings:
    """What the queues, the ledger and the API hold; each finding is used for one message."""

    def __init__(self, stack: Stack, api: StandIn) -> None:
        self._dead = stack.messages("DeadLetterQueueUrl")
        self._queues = {
            WAITING: stack.messages("SignupQueueUrl"),
            OTHER_QUEUE: stack.messages("UndeliveredQueueUrl"),
        }
        self._reasons = stack.reasons()
        self._users = api.users()
        self._invited: set[str] = set()
        self._known: set[str] = set()

    def entry(self, sending: Sending) -> Entry:
        for letter in self._dead:
            if is_same(sending, letter["Body"]):
                self._dead.remove(letter)
                row = self._reasons.get(letter["MessageId"], {"code": "no reason in the ledger"})
                return Entry(sending, DEAD_LETTERED, row["code"])
        for fate, messages in self._queues.items():
            if any(is_same(sending, message["Body"]) for message in messages):
                return Entry(sending, fate)
        return Entry(sending, self._fate_at_api(sending))

    def unexpected(self) -> tuple[str, ...]:
        """Letters that nobody sent, users that no sample names, users invited twice."""
        letters = [f"dead letter {letter['MessageId']}" for letter in self._dead]
        strangers = [address for address in self._users if address not in self._known]
        twice = [f"{who}, twice" for who, user in self._users.items() if user.invited_count > 1]
        return (*letters, *strangers, *twice)

    def _fate_at_api(self, sending: Sending) -> str:
        address = sending.address
        if address is None or address not in self._users:
            return IGNORED if sending.expected == IGNORED else LOST
        self._known.add(address)
        fate = "already_invited" if address in self._invited else "invited"
        self._invited.add(address)
        return fate


def is_same(sending: Sending, body: str) -> bool:
    """Whether a queue's message is this sample: as it was sent, or in an envelope."""
    return sending.mark in body or json.dumps(sending.mark)[1:-1] in body
