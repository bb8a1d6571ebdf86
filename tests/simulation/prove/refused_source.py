"""Two producers in the fast world: the API refuses one throughout, and takes the other."""

from dataclasses import dataclass
from statistics import quantiles

from invites.api.client import Answer
from simulation.world.fast_world import FastWorld
from support.build import cloud_event

HOUR = 3600.0
REFUSED = Answer(422, {}, b'{"errors": {"terms": ["The terms field is required."]}}')
# Seconds between two signups of each producer: one a minute, and twelve.
EVERY, REFUSED_EVERY = 60.0, 5.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the genuine signups.

    Attributes:
        sent: How many there were.
        invited: How many of them were invited.
        dead: How many of them were dead-lettered.
        slowest: The seconds in which 95 % of them were invited.
    """

    sent: int
    invited: int
    dead: int
    slowest: float


def signup(email: str, source: str = "/hr") -> dict[str, object]:
    """Our own event, of a source."""
    return cloud_event({"email": email}) | {"source": source}


def refuse_one_source(hours: float) -> Figures:
    """For so many hours 12 refused a minute, and 1 genuine of another source; two environments."""
    world = FastWorld()
    world.api.refuses = lambda invite: REFUSED if invite.email.startswith("refused") else None
    began, seconds = world.time.now(), hours * HOUR
    world.sign_up_steadily(EVERY, seconds, lambda n: signup(f"genuine{n}@example.test"))
    world.sign_up_steadily(
        REFUSED_EVERY, seconds, lambda n: signup(f"refused{n}@example.test", "/broken")
    )
    world.time.run(seconds + EVERY)
    waits = [
        moment - began - EVERY * int(email.removeprefix("genuine").partition("@")[0])
        for email, moment in world.api.invited_at.items()
    ]
    dead = sum("genuine" in letter.body for letter in world.queue.dead.values())
    return Figures(int(seconds / EVERY), len(waits), dead, quantiles(waits, n=20)[-1])
