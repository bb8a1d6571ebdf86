"""What producers send in a history: signups in several forms, lists, and malformed messages."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulation.fault_kinds import POISON
from simulation.plan import Plan
from support.build import cloud_event, eventbridge, sns


class MessageKind(StrEnum):
    """What is to become of a message; the words are those of the violations."""

    PERSON = "person"
    MANY = "many people"
    IGNORED = "ignored"
    MALFORMED = "malformed"
    POISON = "a body that ends the function"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message's body, and whom it is about.

    Attributes:
        people: Their addresses, as they are sent to the API.
        parts: Of a list, the bodies that it is split into.
        corrected: Of one that cannot be read, what its producer sends instead.
    """

    body: str
    kind: MessageKind
    people: tuple[str, ...] = ()
    parts: tuple["SentMessage", ...] = ()
    corrected: str = ""


# What refuses one person for good: the request, or something of theirs.
REFUSALS = (400, 406, 410, 413, 415, 418, 422, 423, 451)
MASS = 15
_MAX_IN_LIST = 15
# In histories with pairs, one in so many people has an address that case folding makes the next's.
_PAIR_EVERY = 20

# The forms are of two sources: one names its own, the data alone names none.
PRODUCERS = 2
_FORMS: tuple[Callable[[object], object], ...] = (
    lambda data: data,
    cloud_event,
    lambda data: sns(cloud_event(data)),
    lambda data: eventbridge(sns(cloud_event(data))),
)
_WRONG: tuple[Callable[[str], str], ...] = (
    lambda email: '{"email": "' + email,
    lambda email: json.dumps({"email": email.replace("@", " at ")}),
    lambda _: json.dumps(cloud_event({"name": "Somebody"})),
    lambda email: json.dumps(cloud_event({"email": email, "roles": ["Admin"]})),
    lambda email: json.dumps({"something": "else", "of": email}),
)


def _compact(event: object) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


class MessageFactory:
    """Draws the messages of a history.

    Args:
        plan: What the seed decides.

    Attributes:
        sent: What producers send, in no order.
        by_body: All that can come to be in the queue, by body.
        poison: The bodies that end the function.
        refused: The status that the API has for a person, by address.
        known: Who has a user before anybody is invited.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._people = 0
        self._other_of_pair = ""
        self.sent: list[SentMessage] = []
        self.by_body: dict[str, SentMessage] = {}
        self.poison: set[str] = set()
        self.refused: dict[str, int] = {}
        self.known: set[str] = set()

    def draw(self) -> None:
        """Draw all that is sent."""
        self.sent = [self._any() for _ in range(self._plan.messages)]
        if "api: many people refused" in self._plan.kinds:
            self._plan.note("api: many people refused")
            self.sent += [self._refused() for _ in range(MASS)]
        if POISON in self._plan.kinds:
            self._plan.note(POISON)
            self.sent.append(self._poison())
        self._plan.random.shuffle(self.sent)

    def keep(self, message: SentMessage) -> SentMessage:
        """Know a message, and its parts, by its body."""
        for known in (message, *message.parts):
            self.by_body[known.body] = known
        return message

    def _any(self) -> SentMessage:
        kinds = [self._person, self._second, self._many, self._wrong, self._refused, self._ignored]
        (draw,) = self._plan.random.choices(kinds, [60, 14, 3, 6, 6, 4])
        return draw()

    def _address(self) -> str:
        self._people += 1
        rest = f".{self._people}x@mail{self._plan.random.randint(1, 3)}.example.test"
        if self._plan.pairs and self._people % _PAIR_EVERY == 0:
            self._other_of_pair = f"quillons{rest}"
            return f"quillon\u017f{rest}"
        other, self._other_of_pair = self._other_of_pair, ""
        return other or f"quillon{rest}"

    def _person(self) -> SentMessage:
        email = self._address()
        if self._plan.random.random() < 0.05:
            self.known.add(email)
        return self._about(email)

    def _about(self, email: str) -> SentMessage:
        spelled = self._plan.random.choice([email, email.upper(), f" {email.title()} "])
        if spelled.strip().lower() != email:
            spelled = email  # a long s has no capital of its own
        form = self._plan.random.choice(_FORMS)
        # Numbered: two events of one person are two messages.
        data = {"email": spelled, "name": f"Event {len(self.by_body)}"}
        return self.keep(SentMessage(json.dumps(form(data)), MessageKind.PERSON, (email,)))

    def _second(self) -> SentMessage:
        """A second message on somebody, unless all are refused."""
        messages = self.by_body.values()
        people = [known.people[0] for known in messages if known.kind is MessageKind.PERSON]
        able = [email for email in people if email not in self.refused]
        return self._about(self._plan.random.choice(able)) if able else self._person()

    def _many(self) -> SentMessage:
        people = [self._address() for _ in range(self._plan.random.randint(2, _MAX_IN_LIST))]
        events: list[dict[str, Any]] = [{"email": email} for email in people]
        parts = [_of_person(_compact(event), event["email"]) for event in events]
        if len(people) % 2:
            events.append(sns([{"email": people[0]}, {"email": people[1]}]))
            parts.append(self._list_within(events[-1]))
        body = json.dumps(events)
        return self.keep(SentMessage(body, MessageKind.MANY, tuple(people), tuple(parts)))

    def _list_within(self, event: dict[str, Any]) -> SentMessage:
        """An event of a list that is a list again: it is refused, and nobody is sent for it."""
        meant = self._person()
        return SentMessage(
            _compact(event), MessageKind.MALFORMED, meant.people, corrected=meant.body
        )

    def _wrong(self) -> SentMessage:
        meant = self._plain(self._address())
        (email,) = meant.people
        body = self._plan.random.choice(_WRONG)(email)
        # By its body a message is known, so no body is drawn twice.
        unlike = body if body not in self.by_body else f"{body} "
        return self.keep(SentMessage(unlike, MessageKind.MALFORMED, (email,), corrected=meant.body))

    def _poison(self) -> SentMessage:
        meant = self._plain(self._address())
        body = json.dumps({"email": meant.people[0], "name": "Poison"})
        self.poison.add(body)
        return self.keep(SentMessage(body, MessageKind.POISON, meant.people, corrected=meant.body))

    def _plain(self, email: str) -> SentMessage:
        """What a producer sends when it has corrected a message."""
        return self.keep(_of_person(json.dumps({"email": email}), email))

    def _refused(self) -> SentMessage:
        message = self._about(self._address())
        self.refused[message.people[0]] = self._plan.random.choice(REFUSALS)
        return message

    def _ignored(self) -> SentMessage:
        number = len(self.by_body)
        event = cloud_event({"n": number}, kind="uk.spacemedia.signup.updated")
        return self.keep(SentMessage(json.dumps(event), MessageKind.IGNORED))


def _of_person(body: str, email: str) -> SentMessage:
    return SentMessage(body, MessageKind.PERSON, (email,))
