"""Numbers and times as a person says them."""

from datetime import UTC, datetime

_UNITS = ((24 * 3600, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def counted(number: int, noun: str) -> str:
    """`1 letter`, `2 letters`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def age(seconds: float) -> str:
    """In the largest unit that fits: `3 days`."""
    for length, unit in _UNITS:
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return "a moment"


def day(moment: float) -> str:
    """Epoch seconds as a date and time: `2 March 2026, 09:05 UTC`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %B %Y, %H:%M UTC").lstrip("0")


def title(code: str) -> str:
    """A reason's code as a heading: `Missing email`."""
    return code.replace("_", " ").capitalize().replace(" api", " API")
