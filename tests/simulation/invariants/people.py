"""The invariants about people: whom the API invited, how often it was called, and how fast."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from invites.sending.claim import person_key
from invites.sending.rate_limit import MAX_SLOT_DELAY
from simulation.invariants.observer import Observer
from simulation.messages import SentMessage

if TYPE_CHECKING:
    from simulation.world.lambda_service.environment import Environment
    from simulation.world.timeline import Timeline

CALL_SECONDS = 20.0
MINUTE = 60.0


@dataclass(slots=True)
class Effect:
    """Something that the API did for a person, and whether the function got the answer."""

    environment: "Environment"
    is_answered: bool

    @property
    def is_known(self) -> bool:
        """Whether whoever caused it could go on and write it down."""
        return self.is_answered and not self.environment.is_dead


@dataclass
class PeopleInvariants(Observer):
    """Watches what is done to people. What may not happen is a violation.

    Attributes:
        by_body: All messages that there can be, by body.
        known: Who had a user before.
        refused: Who is refused, until that is mended.
        violations: In words; the first is what matters.
        figures: What is counted.
        calls: The moments of all calls that need a slot.
        at_work: On whom the API works though nobody waits for it.
    """

    timeline: "Timeline"
    endpoint: str
    by_body: Mapping[str, SentMessage]
    known: set[str]
    refused: Mapping[str, int]
    violations: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    calls: list[float] = field(default_factory=list)
    at_work: Counter[str] = field(default_factory=Counter)
    _invitations: dict[str, list[Effect]] = field(default_factory=lambda: defaultdict(list))
    _refusals: dict[str, list[Effect]] = field(default_factory=lambda: defaultdict(list))
    _may_ask_again: set[str] = field(default_factory=set)
    # Who was stopped, of the people who are refused until that is mended: each has one message.
    _stopped: set[str] = field(default_factory=set)
    _in_ledger: set[str] = field(default_factory=set)
    _unwritten: set[str] = field(default_factory=set)
    _forgotten: set[str] = field(default_factory=set)
    _claimed_until: dict[str, float] = field(default_factory=dict)
    _under_way: list[tuple[str, float]] = field(default_factory=list)
    _last_tokens: dict[tuple[int, str], tuple[str, float]] = field(default_factory=dict)

    def fail(self, what: str) -> None:
        """Something is that may not be."""
        self.violations.append(what)

    def call_begins(self, email: str, token: str, environment: "Environment") -> tuple[str, float]:
        """The function calls the API for a person."""
        now = self.timeline.now()
        self.figures["calls"] += 1
        before, at = self._last_tokens.get((id(environment), email), (token, now))
        self._last_tokens[id(environment), email] = token, now
        if before == token or now - at > CALL_SECONDS:
            self.calls.append(now)
        else:
            # The second call of a slot, with a token that was renewed for it: once a rotation.
            self.figures["calls again with a renewed token"] += 1
        ends = [began + CALL_SECONDS for called, began in self._under_way if called == email]
        if any(now < end for end in ends):
            self.fail("two calls for one person at once")
        if email in self._stopped and email not in self._may_ask_again:
            self.fail("a stopped person costs a second call")
        if self.at_work[email]:
            self.fail("a call for a person on whom the API is still at work")
        if environment.is_dead:
            self.fail("a call after the function's end")
        if self._claimed_until.get(self._key(email), 0.0) < now + CALL_SECONDS:
            self.fail("a call for a person who is not claimed until its end")
        self._under_way.append((email, now))
        return email, now

    def call_ends(self, call: tuple[str, float]) -> None:
        """The caller has its answer, or waits for it no longer."""
        self._under_way.remove(call)

    def may_ask_again(self, people: tuple[str, ...]) -> None:
        """A fault, a duplicate or a redrive can hide from the function that it stopped them."""
        self._may_ask_again.update(people)

    def was_invited(self, email: str, environment: "Environment", *, is_answered: bool) -> None:
        """The API has invited a person."""
        before = self._invitations[email]
        if before:
            written = before[-1].is_known and self._key(email) not in self._unwritten
            is_again = self._key(email) in self._forgotten
            self._forgotten.discard(self._key(email))
            if is_again:
                self.figures["invited again, as was asked"] += 1
            elif email in self._in_ledger or written:
                self.fail("invited twice, though the first answer could be written down")
            else:
                self.figures["invited twice, ambiguous"] += 1
        before.append(Effect(environment, is_answered))

    def was_refused(self, email: str, environment: "Environment", *, is_answered: bool) -> None:
        """The API has refused a person for good."""
        self._refusals[email].append(Effect(environment, is_answered))

    def person_stored(self, key: str, row: Mapping[str, Any]) -> None:
        """The ledger has a row on a person."""
        self._claimed_until[key] = float(row["held_until"]["N"])
        if row["state"]["S"] == "invited":
            self._in_ledger |= self._people_of(key)

    def removed(self, key: str, row: Mapping[str, Any]) -> None:
        """A row of the ledger is deleted: if the person was invited, they may be once more."""
        self._claimed_until.pop(key, None)
        if row.get("state") == {"S": "invited"}:
            self._in_ledger -= self._people_of(key)
            self._forgotten.add(key)

    def check_rate_limit(self, per_minute: int) -> None:
        """No minute has more calls than the limit allows, with calls whose slots were used late."""
        maximum = per_minute * (MINUTE + MAX_SLOT_DELAY) / MINUTE + 1
        first = 0
        for last, moment in enumerate(self.calls):
            while self.calls[first] <= moment - MINUTE:
                first += 1
            if last - first + 1 > maximum:
                self.fail(f"{last - first + 1} calls in a minute, of {per_minute}")
                return

    def is_user(self, email: str) -> bool:
        """Whether the API knows the person."""
        return bool(self._invitations.get(email)) or email in self.known

    def _people_of(self, key: str) -> set[str]:
        return {email for email in self._invitations if self._key(email) == key}

    def _key(self, email: str) -> str:
        return f"person#{person_key(self.endpoint, email)}"
