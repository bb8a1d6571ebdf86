"""Environment variables, read so that a wrong one is told by its name."""

from collections.abc import Mapping


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it."""


def required(environment: Mapping[str, str], name: str) -> str:
    """A variable that must say something; raises SettingsError."""
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name}: not set")
    return value


def whole_number(environment: Mapping[str, str], name: str, minimum: int = 1) -> int:
    """A whole number, of at least that; raises SettingsError."""
    value = required(environment, name)
    if not value.isdecimal() or int(value) < minimum:
        raise SettingsError(f"{name}: must be a whole number of at least {minimum}")
    return int(value)


def comma_list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A list that may be empty, but must be there.

    A list that limits something must not be lost by a slip: so what is not empty names something.

    Raises:
        SettingsError: It is not there, or holds nothing but commas.
    """
    if name not in environment:
        raise SettingsError(f"{name}: not set; it may be empty")
    items = tuple(item.strip() for item in environment[name].split(",") if item.strip())
    if environment[name].strip() and not items:
        raise SettingsError(f"{name}: names nothing")
    return items
