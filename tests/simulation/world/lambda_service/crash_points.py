"""Where a function is ended."""

from collections.abc import Sequence
from random import Random

from simulation.plan import Plan


class CrashPoints:
    """Where a history ends a function: at some call sites by plan, at any by chance.

    Args:
        plan: What the history's seed decides.
        sites: Those of the function.
        source: Of these choices.

    Attributes:
        made: The sites and sides at which it was done.
    """

    def __init__(self, plan: Plan, sites: Sequence[str], source: Random) -> None:
        self._plan = plan
        self._left: dict[tuple[str, str], int] = {}
        self.made: list[tuple[str, str]] = []
        for _ in range(4 if "lambda: cut off" in plan.kinds else 0):
            place = source.choice(sites), source.choice(["before", "after"])
            self._left[place] = source.randint(1, 3)

    def falls(self, site: str, side: str) -> bool:
        """Whether the function is ended here and now."""
        place = site, side
        self._left[place] = self._left.get(place, 0) - 1
        planned = self._left[place] == 0 and not self._plan.is_healed
        if planned:
            self._plan.note("lambda: cut off")
        if planned or self._plan.happens("lambda: cut off"):
            self.made.append(place)
            return True
        return False
