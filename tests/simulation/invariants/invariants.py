"""The invariants about messages, held against what really happened, never against the log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from invites.errors import Code
from invites.retry import MAX_BACKOFF, MAX_BAD_REQUESTS
from invites.sending.dispatcher import MAX_THROTTLED_CALLS
from invites.sending.scoped_breakers import MAX_REFUSED_PEOPLE
from simulation.invariants.lineage import Lineage
from simulation.invariants.people import PeopleInvariants
from simulation.messages import PRODUCERS, MessageKind, SentMessage
from simulation.plan import HOUR

if TYPE_CHECKING:
    from simulation.world.aws.queue import QueuedMessage
    from simulation.world.lambda_service.environment import Environment

DAY = 24 * HOUR
# Twenty receives last a day. A receive of no use, or in which somebody else was inviting the
# person, takes at most the longest wait off it.
# The function stops a message a day before the queue would delete it.
OLD = 6 * DAY
# Of the receives in which a body ended the function: one in two of its neighbours is before it.
MAX_KILLED = 15
# What can keep an answer of the API from reaching the ledger. Without any of it nobody is ever
# invited twice.
AMBIGUOUS = (
    *("reset after", "cut short", "too slow", "status 5", "outage", "maintenance"),
    *("cut off", "time-out", "DNS", "dynamodb"),
)
PERSON, MESSAGE = "person#", "message#"


@dataclass
class Invariants(PeopleInvariants):
    """Watches a history.

    Attributes:
        is_mended: What was wrong with people and messages is mended.
    """

    is_mended: bool = False
    _lineage: Lineage = field(default_factory=Lineage)
    _bodies: set[str] = field(default_factory=set)
    _messages: dict[str, SentMessage] = field(default_factory=dict)
    # By the key of a stopped message's row, the code of its stop.
    _stops: dict[str, str] = field(default_factory=dict)
    _waited: Counter[str] = field(default_factory=Counter)
    _bad_requests: Counter[str] = field(default_factory=Counter)
    _throttled: Counter[tuple[int, int, str]] = field(default_factory=Counter)

    def accepted(self, message_id: str, body: str, of: str) -> None:
        """The queue has taken a message: for the dead letter `of`; if empty, from a producer."""
        self.figures["messages"] += 1
        self._lineage.add(message_id, of)
        if body not in self.by_body:
            self.fail("the function sends what nobody has sent")
            return
        self._bodies.add(body)
        self._messages[message_id] = self.by_body[body]

    def deleted(self, queued: "QueuedMessage") -> None:
        """A message is done: its person has a user, or it is nobody's signup."""
        self.figures["done"] += 1
        self._demand_settled(queued)

    def taken_out(self, queued: "QueuedMessage") -> None:
        """A dead letter is deleted, as it was sent again."""
        self.figures["moved"] += 1
        self._demand_settled(queued)

    def _demand_settled(self, queued: "QueuedMessage") -> None:
        """Nothing is left to do for a message, or a copy of it is there to do it."""
        message = self._messages[queued.id]
        if self._lineage.remove(queued.id):
            self.figures["deleted, a copy of it being there"] += 1
            return
        if message.kind is MessageKind.POISON:
            self.fail("a body that ends the function is deleted")
        elif message.kind is MessageKind.MANY:
            if missing := [part for part in message.parts if part.body not in self._bodies]:
                self.fail(f"lost: a list is done, {len(missing)} of its parts were not sent")
        elif not all(self.is_user(email) for email in message.people):
            self.fail(f"lost: {queued.id} is deleted, its {message.kind} is not invited")

    def dead_lettered(self, queued: "QueuedMessage") -> None:
        """A message is given up: for a cause of its own, or after its horizon, with a reason."""
        self.figures["dead-lettered"] += 1
        message, now = self._messages[queued.id], self.timeline.now()
        key = f"{MESSAGE}{queued.id}"
        # It has no reason if its last receive was of no use, or the ledger was down then.
        if not queued.wasted_receives and key not in self._stops.keys() | self._unwritten:
            self.fail(f"{queued.id} is dead-lettered without a reason")
        is_unreadable = message.kind in {MessageKind.MALFORMED, MessageKind.POISON}
        if is_unreadable or self._was_refused(message, key):
            self.figures["dead-lettered for a cause of its own"] += 1
            return
        is_done = message.people and all(self.is_user(email) for email in message.people)
        if queued.killed_receives >= MAX_KILLED and key not in self._stops and not is_done:
            # Were it done, it would be here as SQS could not delete it.
            self.fail(f"{queued.id} is dead-lettered for the body beside it")
        tried_for = now - (queued.first_received_at or now)
        horizon = DAY - MAX_BACKOFF * (queued.wasted_receives + self._waited[queued.id])
        if tried_for < horizon and now - queued.sent_at < OLD:
            self.fail(f"{queued.id} is dead-lettered without a cause, after {tried_for:.0f} s")
        self.figures["given up after the horizon"] += 1

    def _was_refused(self, message: SentMessage, key: str) -> bool:
        """Whether a person is refused until that is mended, or was stopped for a refusal."""
        if message.kind is not MessageKind.PERSON:
            return False
        (email,) = message.people
        if email in self.refused:
            return True
        if key not in self._stops:
            return False
        # One that was paused for the refusals of others has to meet the horizon, as in any pause.
        if self._refusals[email] and self._stops[key] == Code.REFUSED_BY_API:
            self.figures["dead-lettered as everybody was refused"] += 1
            return True
        return self._bad_requests[email] >= MAX_BAD_REQUESTS

    def was_throttled(self, email: str, environment: "Environment") -> None:
        """The API has refused a call for its throttle, and named a wait of a second at most."""
        receive = id(environment), environment.invocation, email
        self._throttled[receive] += 1
        if self._throttled[receive] > MAX_THROTTLED_CALLS * self._messages_of(email):
            self.fail("a throttled person is called again and again")

    def was_bad_request(self, email: str) -> None:
        """The API calls it a bad request, for good or this time."""
        self._bad_requests[email] += 1
        is_too_often = self._bad_requests[email] > MAX_BAD_REQUESTS * self._messages_of(email)
        if is_too_often and email not in self._may_ask_again:
            self.fail("a bad request is repeated again and again")

    def _messages_of(self, email: str) -> int:
        return sum(email in message.people for message in self._messages.values())

    def expired(self, queued: "QueuedMessage") -> None:
        """The queue has deleted a message for its age."""
        self.fail(f"lost: {queued.id} was left to expire")

    def corrected(self, queued: "QueuedMessage") -> str:
        """What a producer or an operator sends again for a dead letter."""
        message = self._messages[queued.id]
        return message.corrected if self.is_mended and message.corrected else message.body

    def sent_again(self, message_id: str) -> None:
        """A dead letter is about to be in the queue again."""
        self.may_ask_again(self._messages[message_id].people)

    def doubled(self, queued: "QueuedMessage") -> None:
        """The queue delivers a message once more than it counts on."""
        self.may_ask_again(self._messages[queued.id].people)

    def stored(self, key: str, row: Mapping[str, Any]) -> None:
        """The ledger has a row."""
        if key.startswith(PERSON):
            self.person_stored(key, row)
        if key.startswith(MESSAGE) and row.get("verdict") == {"S": "stop"}:
            self._stops[key] = row["code"]["S"]
            people = self._messages[key.removeprefix(MESSAGE)].people
            self._stopped.update(email for email in people if email in self.refused)
        elif key.startswith(MESSAGE) and row["code"] == {"S": Code.REFUSED_BY_API}:
            self.fail("a refusal is tried again, though nothing is paused")
        if key.startswith(MESSAGE) and row["code"] == {"S": Code.IN_PROGRESS}:
            self._waited[key.removeprefix(MESSAGE)] += 1
        if "@" in str(row):
            self.fail("an address in the ledger")

    def not_written(self, key: str) -> None:
        """The function got an error for the write of a row."""
        self._unwritten.add(key)
        if message := self._messages.get(key.removeprefix(MESSAGE)):
            self.may_ask_again(message.people)

    def hangs(self, key: str) -> None:
        """A write hangs, and its task: an answer that it has by then may never be written down."""
        self.not_written(key)
        self.may_ask_again(tuple(email for email in self._refusals if self._key(email) == key))

    def check_sum(self, waiting: int, dead: int) -> None:
        """Every message that was taken is in one place, and in one only."""
        if (
            self.figures["messages"]
            != self.figures["done"] + waiting + dead + self.figures["moved"]
        ):
            self.fail("lost: the sum of messages is not that of their ends")

    def check_causes(self, faults: Mapping[str, int]) -> None:
        """What a fault alone explains did not happen without one; `faults` by kind."""
        is_explained = any(word in kind for kind in faults for word in AMBIGUOUS)
        maximum = (MAX_REFUSED_PEOPLE - 1) * PRODUCERS * self.figures["environments"]
        if self.figures["dead-lettered as everybody was refused"] > maximum:
            self.fail("a refusal of everybody empties the queue into the dead-letter queue")
        if self.figures["invited twice, ambiguous"] and not is_explained:
            self.fail("invited twice, without a fault that could explain it")

    def close(self, log: str, secrets: Sequence[str]) -> None:
        """The history is over: everybody is invited, and the log has no secret and no address."""
        people = {email for body in self._bodies for email in self.by_body[body].people}
        if missing := sorted(email for email in people if not self.is_user(email)):
            self.fail(f"lost: after the redrive {len(missing)} are not invited, as {missing[0]}")
        self.figures["people"] = len(people)
        self.figures["log lines"] = log.count("\n")
        folded = log.casefold()
        for secret in secrets:
            if (place := folded.find(secret.casefold())) >= 0:
                self.fail(f"a secret or an address in the log: {log[place - 200 : place + 60]}")
                return
