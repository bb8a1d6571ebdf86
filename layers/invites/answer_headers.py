"""What the answer's headers ask of the next call: how long to wait, how many are left."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

# A wait for a window of a throttle that is over by the clock of the API, but not quite by ours.
SHORTEST_WAIT = 1.0

# Ten digits are enough for epoch seconds; more are no number of anything.
MOST_DIGITS = 10

# No window of a throttle and no maintenance is longer: a longer wait is a mistake, and a number
# further from now than this is no epoch time.
LONGEST_WAIT = 7 * 24 * 3600.0


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, by Retry-After (RFC 9110, 10.2.3) and X-RateLimit-Reset.

    The latter has no specification: Laravel sends epoch seconds, others seconds from now.

    Args:
        headers: By names in lower case.
        now: Epoch seconds.

    Returns:
        The longer of the two; None if there is neither, or none that can be read.
    """
    waits = [
        _retry_after(headers.get("retry-after", ""), now),
        _reset(headers.get("x-ratelimit-reset", ""), now),
    ]
    known = [wait for wait in waits if wait is not None and abs(wait) <= LONGEST_WAIT]
    return max(SHORTEST_WAIT, *known) if known else None


def count(headers: Mapping[str, str], name: str) -> int | None:
    """A header that counts, as X-RateLimit-Remaining; None if it is absent or no number."""
    number = _number(headers.get(name, ""))
    return None if number is None else int(number)


def _retry_after(value: str, now: float) -> float | None:
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        # Not only the documented one: https://github.com/python/cpython/issues/153406.
        return None
    # An HTTP date is always GMT, whether it says so in a way that Python knows or not.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now


def _reset(value: str, now: float) -> float | None:
    number = _number(value)
    if number is not None and abs(number - now) <= LONGEST_WAIT:
        return number - now
    return number


def _number(value: str) -> float | None:
    text = value.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
