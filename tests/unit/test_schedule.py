"""invites.retry."""

import itertools

import pytest

from invites.retry import backoff_delay

MINUTE, HOUR = 60, 3600


def test_the_first_wait_is_short() -> None:
    """A blip costs less than half a minute."""
    assert 1 <= backoff_delay(1, 0.0) <= backoff_delay(1, 1.0) <= MINUTE / 2


@pytest.mark.parametrize("receives", [12, 20, 1000, 10**9])
def test_the_longest_wait(receives: int) -> None:
    """However often a message came, an API that works again is noticed within three hours."""
    assert backoff_delay(receives, 1.0) == 3 * HOUR


@pytest.mark.parametrize("receives", [1, 5, 11, 20])
def test_the_spread(receives: int) -> None:
    """A wait is drawn from 80 to 100 per cent of the schedule."""
    full = backoff_delay(receives, 1.0)
    assert backoff_delay(receives, 0.0) == pytest.approx(0.8 * full)
    assert backoff_delay(receives, 0.5) == pytest.approx(0.9 * full)


def test_waits_grow() -> None:
    """No wait is shorter than the one before, and each doubles until they are the longest."""
    waits = [backoff_delay(receives, 1.0) for receives in range(1, 31)]
    assert waits == sorted(waits)
    pairs = itertools.pairwise(waits)
    assert all(later == min(2 * earlier, 3 * HOUR) for earlier, later in pairs)
