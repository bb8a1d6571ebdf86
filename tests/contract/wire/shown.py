"""What was written, in the form in which `values.toml` has it."""

import time
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from contract.wire.deployed import AGE_SECONDS, SECONDS_LEFT

_DAY = 24 * 3600
# Epoch seconds are shown by their distance from now, which is known to about a minute.
_TIMES = {
    0: "now",
    -AGE_SECONDS: "sent",
    int(SECONDS_LEFT): "end of function",
    600: "now + 10 min",
    6 * 3600: "now + 6 h",
    30 * _DAY: "now + 30 days",
}
_TOLERANCE = 70
_EARLIEST_TIME = 1_000_000_000


def shown(row: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    """A row of DynamoDB: by attribute its type and value.

    Args:
        row: As DynamoDB has it.
        keys: Of keys that nobody can read, what is shown in their place.
    """
    key = {"S": keys.get(row["pk"]["S"], row["pk"]["S"])}
    return {name: _shown(value) for name, value in {**row, "pk": key}.items()}


def matches(found: Mapping[str, str], expected: Mapping[str, str]) -> bool:
    """Whether a row is as expected, in which `*` stands for any characters."""
    return found.keys() == expected.keys() and all(
        fnmatchcase(found[name], pattern) for name, pattern in expected.items()
    )


def paths(value: object, prefix: str = "") -> Iterator[str]:
    """Where there is a value in JSON: `reason.code`, `invites[].email`; empty ones count, too."""
    match value:
        case dict() if value:
            for name, inner in value.items():
                yield from paths(inner, f"{prefix}.{name}" if prefix else name)
        case list() if value:
            for inner in value:
                yield from paths(inner, f"{prefix}[]")
        case _:
            yield prefix


def _shown(value: Mapping[str, Any]) -> str:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return f"N {_number(float(content))}"
        case "L":
            return " ".join(["L", *map(_shown, content)])
        case "NULL":
            return "NULL"
    return f"{kind} {content}"


def _number(value: float) -> str:
    if value < _EARLIEST_TIME:
        return f"{value:g}"
    distance = value - time.time()
    near = (name for at, name in _TIMES.items() if abs(distance - at) < _TOLERANCE)
    return next(near, f"now + {distance:.0f} s")
