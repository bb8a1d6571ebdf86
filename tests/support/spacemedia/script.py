"""The steps that are still to come."""

from dataclasses import dataclass
from typing import Any

from support.spacemedia.calls import Call
from support.spacemedia.steps import USUAL, Step


@dataclass(slots=True, eq=False)
class _Pending:
    step: Step
    # None is for ever.
    left: int | None


class Script:
    """Steps in order; the first that matches is used, and used up."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []

    def extend(self, steps: list[Step]) -> None:
        """Append steps."""
        self._pending.extend(_Pending(step, step.times) for step in steps)

    def clear(self) -> None:
        """Forget all steps."""
        self._pending.clear()

    def take(self, call: Call) -> Step:
        """Return the step for a call, which is the usual one if none matches."""
        for pending in self._pending:
            if pending.step.matches(call):
                self._use(pending)
                return pending.step
        return USUAL

    def report(self) -> list[dict[str, Any]]:
        """List what has not happened yet."""
        return [{**item.step.to_json(), "times": item.left} for item in self._pending]

    def _use(self, pending: _Pending) -> None:
        if pending.left is None:
            return
        pending.left -= 1
        if pending.left == 0:
            self._pending.remove(pending)
