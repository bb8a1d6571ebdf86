"""DynamoDB's attribute values: compared, and added."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Item = dict[str, Any]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def plain(value: Mapping[str, Any] | None) -> object:
    """An attribute value that can be compared; None for an attribute that is not there."""
    if value is None:
        return None
    ((kind, content),) = value.items()
    return Decimal(content) if kind == "N" else content


def holds(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:  # noqa: ANN401
    """A comparison with what is not there is false; but it is unlike everything."""
    if left is None or right is None:
        return compare is COMPARE["<>"]
    return compare(plain(left), plain(right))


def total(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """The sum of two numbers."""
    return {"N": str(Decimal(left["N"]) + Decimal(right["N"]))}
