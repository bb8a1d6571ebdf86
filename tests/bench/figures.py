"""A figure: what was measured several times, as a median with its spread, and its goal."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Some values of one measurement.

    Attributes:
        what: What was measured.
        values: In `unit`, one of each round.
        unit: Empty for a ratio.
        most: The goal: the median may be no more; None if there is none.
    """

    what: str
    values: Sequence[float]
    unit: str = ""
    most: float | None = None

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.values)

    def shown(self) -> tuple[str, str, str]:
        """Median, least and most."""
        values = (self.median, min(self.values), max(self.values))
        first, second, third = (f"{value:.3g} {self.unit}".strip() for value in values)
        return first, second, third

    def goal_shown(self) -> str:
        """The goal, and whether it is met."""
        if self.most is None:
            return ""
        return f"at most {self.most:g}: {'missed' if self.is_missed() else 'met'}"

    def is_missed(self) -> bool:
        """Whether there is a goal, and the median is over it."""
        return self.most is not None and self.median > self.most


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Round by round, so that what slowed the machine down has slowed both."""
    return [one / other for one, other in zip(over, under, strict=True)]


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Take each measure once a round; the values of each."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [list(values) for values in zip(*taken, strict=True)]
