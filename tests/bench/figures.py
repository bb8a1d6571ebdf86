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
        at_most: The goal: the median may be no more; None if there is none.
        at_least: The goal: the median may be no less; None if there is none.
    """

    what: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.values)

    def shown(self) -> tuple[str, str, str]:
        """Median, least and most; the last two empty if there is one value."""
        values = (self.median, min(self.values), max(self.values))
        first, second, third = (f"{_digits(value)} {self.unit}".strip() for value in values)
        return (first, second, third) if len(self.values) > 1 else (first, "", "")

    def goal_shown(self) -> str:
        """The goal, and whether it is met."""
        if self.at_most is None and self.at_least is None:
            return ""
        goal = (
            f"at least {self.at_least:g}" if self.at_most is None else f"at most {self.at_most:g}"
        )
        return f"{goal}: {'missed' if self.is_missed() else 'met'}"

    def is_missed(self) -> bool:
        """Whether there is a goal, and the median is on the wrong side of it."""
        is_over = self.at_most is not None and self.median > self.at_most
        return is_over or (self.at_least is not None and self.median < self.at_least)


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """The ratio of each round, since a slow moment of the machine slows both."""
    return [value / base for value, base in zip(over, under, strict=True)]


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Take each measure once a round; the values of each."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [list(values) for values in zip(*taken, strict=True)]


def _digits(value: float) -> str:
    """Three digits that count, and never an exponent."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
