"""The invariants about messages, held against what really happened: no word of the function's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faults.seeded.lineage import Lineage
from faults.seeded.plan import HOUR
from faults.seeded.posts import Post, Sort
from faults.seeded.watch import PeopleWatch
from invites.errors import Code
from invites.retry import MAX_BACKOFF, MAX_BAD_REQUESTS
from invites.sending.dispatcher import MAX_THROTTLED_CALLS

if TYPE_CHECKING:
    from faults.seeded.environments import Environment
    from faults.seeded.queue import Stored

DAY = 24 * HOUR
# Twenty receives last a day. One of which the function could make nothing, or in which somebody
# else was inviting the person, takes at most the longest wait off it.
# The function stops a message a day before the queue would delete it.
OLD = 6 * DAY
# Of the receives in which a body ended the function: one in two of its neighbours is before it.
MAX_KILLED = 15
PERSON, MESSAGE = "person#", "message#"


@dataclass
class Judge(PeopleWatch):
    """Watches a history.

    Attributes:
        is_mended: What was wrong with people and messages is mended.
    """

    is_mended: bool = False
    _lineage: Lineage = field(default_factory=Lineage)
    _bodies: set[str] = field(default_factory=set)
    _messages: dict[str, Post] = field(default_factory=dict)
    _stops: set[str] = field(default_factory=set)
    _waited: Counter[str] = field(default_factory=Counter)
    _bad_requests: Counter[str] = field(default_factory=Counter)
    _throttled: Counter[tuple[int, int, str]] = field(default_factory=Counter)

    def accepted(self, message_id: str, body: str, of: str) -> None:
        """The queue has taken a message, sent anew for another; or for none, if `of` is empty."""
        self.figures["messages"] += 1
        self._lineage.born(message_id, of)
        if body not in self.posts:
            self.fail("the function sends what nobody has sent")
            return
        self._bodies.add(body)
        self._messages[message_id] = self.posts[body]

    def deleted(self, stored: "Stored") -> None:
        """A message is done: its person has a user, or it is nobody's signup."""
        self.figures["done"] += 1
        self._demand_settled(stored)

    def taken_out(self, stored: "Stored") -> None:
        """A dead letter is deleted: it was sent anew."""
        self.figures["moved"] += 1
        self._demand_settled(stored)

    def _demand_settled(self, stored: "Stored") -> None:
        """Nothing is left to do for a message, or a copy of it is there to do it."""
        post = self._messages[stored.id]
        if self._lineage.gone(stored.id):
            self.figures["deleted, a copy of it being there"] += 1
            return
        if post.sort is Sort.POISON:
            self.fail("a body that ends the function is deleted")
        elif post.sort is Sort.MANY:
            if missing := [one for one in post.parts if one.body not in self._bodies]:
                self.fail(f"lost: a list is done, {len(missing)} of its parts were not sent")
        elif not all(self.is_user(email) for email in post.people):
            self.fail(f"lost: {stored.id} is deleted, its {post.sort} is not invited")

    def dead_lettered(self, stored: "Stored") -> None:
        """A message is given up: for a cause of its own, or after its horizon, with a reason."""
        self.figures["dead-lettered"] += 1
        post, now = self._messages[stored.id], self.timeline.now()
        key = f"{MESSAGE}{stored.id}"
        # It has none if its last receive was of no use, or the ledger was down in it.
        if not stored.burnt and key not in self._stops | self._unwritten:
            self.fail(f"{stored.id} is dead-lettered without a reason")
        if post.sort in {Sort.MALFORMED, Sort.POISON} or self._was_refused(post, key):
            self.figures["dead-lettered for a cause of its own"] += 1
            return
        is_done = post.people and all(self.is_user(email) for email in post.people)
        if stored.killed >= MAX_KILLED and key not in self._stops and not is_done:
            # Done, it is here as SQS could not delete it.
            self.fail(f"{stored.id} is dead-lettered for the body beside it")
        tried_for = now - (stored.first_received_at or now)
        horizon = DAY - MAX_BACKOFF * (stored.burnt + self._waited[stored.id])
        if tried_for < horizon and now - stored.sent_at < OLD:
            self.fail(f"{stored.id} is dead-lettered without a cause, after {tried_for:.0f} s")
        self.figures["given up after the horizon"] += 1

    def _was_refused(self, post: Post, key: str) -> bool:
        """Whether a person is refused until that is mended, or was stopped for a refusal."""
        if post.sort is not Sort.PERSON:
            return False
        (email,) = post.people
        if email in self.refused:
            return True
        if key not in self._stops:
            return False
        if self._refusals[email]:
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
        return sum(email in post.people for post in self._messages.values())

    def expired(self, stored: "Stored") -> None:
        """The queue has deleted a message for its age."""
        self.fail(f"lost: {stored.id} was left to expire")

    def corrected(self, stored: "Stored") -> str:
        """What a producer or an operator sends again for a dead letter."""
        post = self._messages[stored.id]
        return post.corrected if self.is_mended and post.corrected else post.body

    def sent_again(self, message_id: str) -> None:
        """A dead letter is about to be in the queue again."""
        self.may_ask_again(self._messages[message_id].people)

    def doubled(self, stored: "Stored") -> None:
        """The queue delivers a message once more than it counts on."""
        self.may_ask_again(self._messages[stored.id].people)

    def stored(self, key: str, row: Mapping[str, Any]) -> None:
        """The ledger has a row."""
        if key.startswith(PERSON):
            self.person_stored(key, row)
        if key.startswith(MESSAGE) and row.get("verdict") == {"S": "stop"}:
            self._stops.add(key)
            people = self._messages[key.removeprefix(MESSAGE)].people
            self._stopped.update(one for one in people if one in self.refused)
        elif key.startswith(MESSAGE) and row["code"] == {"S": Code.REFUSED_BY_API}:
            self.fail("a refusal is tried again, though nothing is paused")
        if key.startswith(MESSAGE) and row["code"] == {"S": Code.IN_PROGRESS}:
            self._waited[key.removeprefix(MESSAGE)] += 1
        if "@" in str(row):
            self.fail("an address in the ledger")

    def not_written(self, key: str) -> None:
        """The function was told that a row was not written."""
        self._unwritten.add(key)
        if post := self._messages.get(key.removeprefix(MESSAGE)):
            self.may_ask_again(post.people)

    def hangs(self, key: str) -> None:
        """A write hangs, and who wants it: an answer that is known by then may never be told."""
        self.not_written(key)
        self.may_ask_again(tuple(one for one in self._refusals if self._key(one) == key))

    def check_sum(self, waiting: int, dead: int) -> None:
        """Every message that was taken is in one place, and in one only."""
        if (
            self.figures["messages"]
            != self.figures["done"] + waiting + dead + self.figures["moved"]
        ):
            self.fail("lost: the sum of messages is not that of their ends")

    def close(self, log: str, secrets: Sequence[str]) -> None:
        """The history is over: everybody is invited, and no line told of it what it may not."""
        people = {one for body in self._bodies for one in self.posts[body].people}
        if missing := sorted(one for one in people if not self.is_user(one)):
            self.fail(f"lost: after the redrive {len(missing)} are not invited, as {missing[0]}")
        self.figures["people"] = len(people)
        self.figures["log lines"] = log.count("\n")
        folded = log.casefold()
        for one in secrets:
            if (place := folded.find(one.casefold())) >= 0:
                self.fail(f"a secret or an address in the log: {log[place - 200 : place + 60]}")
                return
