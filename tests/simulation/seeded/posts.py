"""What is sent in a history: signups in several forms, second ones, lists, and what is wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulation.seeded.kinds import POISON
from simulation.seeded.plan import Plan
from support.build import cloud_event, eventbridge, sns


class Sort(StrEnum):
    """What is to become of a message."""

    PERSON = "person"
    MANY = "many people"
    IGNORED = "ignored"
    MALFORMED = "malformed"
    POISON = "a body that ends the function"


@dataclass(frozen=True, slots=True)
class Post:
    """A message's body, and whom it is about.

    Attributes:
        people: Their addresses, as they are sent to the API.
        parts: Of a list, the bodies that it is split into.
        corrected: Of one that cannot be read, what its producer sends once told.
    """

    body: str
    sort: Sort
    people: tuple[str, ...] = ()
    parts: tuple["Post", ...] = ()
    corrected: str = ""


# What refuses one person for good: the request, or something of theirs.
REFUSALS = (400, 406, 410, 413, 415, 418, 422, 423, 451)
MASS = 15
_MOST_IN_LIST = 15
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


class Postbox:
    """Draws the posts of a history.

    Attributes:
        posts: By body, all that can come to be in the queue.
        refused: By address, the status that the API has for a person.
        known: Who has a user before anybody is invited.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._people = 0
        self._other_of_pair = ""
        self.posts: dict[str, Post] = {}
        self.refused: dict[str, int] = {}
        self.known: set[str] = set()

    def draw(self) -> list[Post]:
        """All that is sent, in no order."""
        drawn = [self._one() for _ in range(self._plan.messages)]
        if "api: many people refused" in self._plan.kinds:
            self._plan.note("api: many people refused")
            drawn += [self._refused() for _ in range(MASS)]
        if POISON in self._plan.kinds:
            self._plan.note(POISON)
            drawn.append(self._poison())
        self._plan.random.shuffle(drawn)
        return drawn

    def keep(self, post: Post) -> Post:
        """Know a post, and its parts, by its body."""
        for one in (post, *post.parts):
            self.posts[one.body] = one
        return post

    def _one(self) -> Post:
        sorts = [self._person, self._second, self._many, self._wrong, self._refused, self._ignored]
        (draw,) = self._plan.random.choices(sorts, [60, 14, 3, 6, 6, 4])
        return draw()

    def _address(self) -> str:
        self._people += 1
        rest = f".{self._people}x@mail{self._plan.random.randint(1, 3)}.example.test"
        if self._plan.pairs and self._people % _PAIR_EVERY == 0:
            self._other_of_pair = f"quillons{rest}"
            return f"quillon\u017f{rest}"
        other, self._other_of_pair = self._other_of_pair, ""
        return other or f"quillon{rest}"

    def _person(self) -> Post:
        email = self._address()
        if self._plan.random.random() < 0.05:
            self.known.add(email)
        return self._about(email)

    def _about(self, email: str) -> Post:
        spelled = self._plan.random.choice([email, email.upper(), f" {email.title()} "])
        if spelled.strip().lower() != email:
            spelled = email  # a long s has no capital of its own
        form = self._plan.random.choice(_FORMS)
        # Numbered: two events of one person are two messages.
        data = {"email": spelled, "name": f"Event {len(self.posts)}"}
        return self.keep(Post(json.dumps(form(data)), Sort.PERSON, (email,)))

    def _second(self) -> Post:
        singles = [one for one in self.posts.values() if one.sort is Sort.PERSON]
        able = [one.people[0] for one in singles if one.people[0] not in self.refused]
        return self._about(self._plan.random.choice(able)) if able else self._person()

    def _many(self) -> Post:
        people = [self._address() for _ in range(self._plan.random.randint(2, _MOST_IN_LIST))]
        events: list[dict[str, Any]] = [{"email": one} for one in people]
        parts = [Post(_compact(event), Sort.PERSON, (event["email"],)) for event in events]
        if len(people) % 2:
            events.append(sns([{"email": people[0]}, {"email": people[1]}]))
            parts.append(self._list_within(events[-1]))
        return self.keep(Post(json.dumps(events), Sort.MANY, tuple(people), tuple(parts)))

    def _list_within(self, event: dict[str, Any]) -> Post:
        """An event of a list that is a list again: it is refused, and nobody is sent for it."""
        corrected = self._person()
        return Post(_compact(event), Sort.MALFORMED, corrected.people, corrected=corrected.body)

    def _wrong(self) -> Post:
        email = self._address()
        corrected = self.keep(Post(json.dumps({"email": email}), Sort.PERSON, (email,)))
        body = self._plan.random.choice(_WRONG)(f"{email}")
        # A body twice would be one post.
        unlike = body if body not in self.posts else f"{body} "
        return self.keep(Post(unlike, Sort.MALFORMED, (email,), corrected=corrected.body))

    def _poison(self) -> Post:
        email = self._address()
        corrected = self.keep(Post(json.dumps({"email": email}), Sort.PERSON, (email,)))
        body = json.dumps({"email": email, "name": "Poison"})
        return self.keep(Post(body, Sort.POISON, (email,), corrected=corrected.body))

    def _refused(self) -> Post:
        post = self._about(self._address())
        self.refused[post.people[0]] = self._plan.random.choice(REFUSALS)
        return post

    def _ignored(self) -> Post:
        number = len(self.posts)
        event = cloud_event({"n": number}, kind="uk.spacemedia.signup.updated")
        return self.keep(Post(json.dumps(event), Sort.IGNORED))
