"""What a seed decides beforehand, and what it decides as a history goes on."""

import math
import random
from collections import Counter
from collections.abc import Callable

from simulation.fault_kinds import CALM_SHARE, DRAWN_SEPARATELY, KINDS

HOUR = 3600.0
# The longest that faults last in a history: a day's outage is what 20 receives last, and some of
# these are spent on what the function cannot help.
MAX_TROUBLE = 10 * HOUR
# But for this one, after which messages may be given up: not before a day, and with a reason.
DAYS = "api: outage of days"
DAYS_OUTAGE = 26 * HOUR, 40 * HOUR


class Plan:
    """The choices of one seed. One integer, one history.

    Args:
        seed: Any integer.
        also: Kinds of faults that are on, whatever the seed says; separated by a comma.

    Attributes:
        random: The source of every choice, but for
        second_random: the choices on kinds that are drawn separately.
        kinds: What can happen in this history.
        counts: How often what has happened.
        unique: Whether the API refuses an address that it knows.
        pairs: Whether some addresses are others' when case is folded.
        heals_after: Seconds until nothing goes wrong any more.
    """

    def __init__(self, seed: int, also: str = "") -> None:
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311 - the same history each time
        self.second_random = random.Random(f"{seed} apart")  # noqa: S311 - as above
        self.counts: Counter[str] = Counter()
        self.unique = seed % 2 == 0
        self.pairs = seed // 2 % 2 == 1
        calm = self.random.random() < CALM_SHARE
        drawn = {
            name for name in KINDS if name not in DRAWN_SEPARATELY and _is_drawn(name, self.random)
        }
        drawn |= {name for name in DRAWN_SEPARATELY if _is_drawn(name, self.second_random)}
        self.kinds = (set() if calm else drawn) | set(filter(None, also.split(", ")))
        self.messages = self.random.randint(50, 60)
        self.spread = self.random.choice([0.0, 60.0, 2 * HOUR])
        # Not before all messages are sent.
        self.heals_after = self.spread + self.random.uniform(0.5 * HOUR, MAX_TROUBLE)
        if DAYS in self.kinds:
            self.heals_after = self.random.uniform(*DAYS_OUTAGE)
        self._began = 0.0
        self._now: Callable[[], float] = lambda: 0.0
        self._windows: dict[str, tuple[float, float]] = {}

    @classmethod
    def without_faults(cls) -> "Plan":
        """A plan in which nothing goes wrong by itself, and the API refuses whom it knows."""
        plan = cls(0)
        plan.kinds.clear()
        plan.heals_after = math.inf
        return plan

    def begin(self, now: Callable[[], float]) -> None:
        """The history begins; `now` is its clock."""
        self._now, self._began = now, now()

    @property
    def is_healed(self) -> bool:
        """Whether all trouble is over."""
        return self._now() - self._began >= self.heals_after

    def happens(self, kind: str) -> bool:
        """Whether a fault strikes now, which is counted."""
        if kind not in self.kinds or self.is_healed:
            return False
        return self.random.random() < KINDS[kind].rate and self.note(kind)

    def happens_separately(self, kind: str) -> bool:
        """As `happens`, drawn from the second source."""
        if kind not in self.kinds or self.is_healed:
            return False
        return self.second_random.random() < KINDS[kind].rate and self.note(kind)

    def lasts(self, kind: str, longest: float) -> bool:
        """Whether now is within the period of a trouble, which is drawn once."""
        if kind not in self.kinds or self.is_healed:
            return False
        if kind not in self._windows:
            source = self.second_random if kind in DRAWN_SEPARATELY else self.random
            begins = self._began + source.choice([0.0, source.uniform(0, 2 * HOUR)])
            self._windows[kind] = begins, begins + source.uniform(60, longest)
        begins, ends = self._windows[kind]
        return begins <= self._now() < ends and self.note(kind)

    def note(self, kind: str) -> bool:
        """Count something that happened; always true."""
        self.counts[kind] += 1
        return True


def _is_drawn(kind: str, source: random.Random) -> bool:
    return source.random() < KINDS[kind].share
