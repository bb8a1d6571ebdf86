"""Reads environment variables; the error for a wrong one names it."""

from collections.abc import Mapping


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it."""


def required(environment: Mapping[str, str], name: str) -> str:
    """A variable that may not be empty; raises SettingsError."""
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name}: not set")
    return value


def whole_number(environment: Mapping[str, str], name: str, minimum: int = 1) -> int:
    """A whole number that is not below the minimum; raises SettingsError."""
    value = required(environment, name)
    if not value.isdecimal() or int(value) < minimum:
        raise SettingsError(f"{name}: must be a whole number of at least {minimum}")
    return int(value)


def comma_list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A list, separated by commas, that may be empty but must be set.

    A list that limits who is invited must not be lost by a slip, so commas alone are an error.

    Raises:
        SettingsError: It is not set, or holds nothing but commas.
    """
    if name not in environment:
        raise SettingsError(f"{name}: not set; it may be empty")
    items = tuple(item.strip() for item in environment[name].split(",") if item.strip())
    if environment[name].strip() and not items:
        raise SettingsError(f"{name}: names nothing")
    return items
