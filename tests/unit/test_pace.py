"""invites.sending.rate_limit."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.sending.rate_limit import (
    MAX_QUEUE_SECONDS,
    RateLimitState,
    Slots,
    lower_rate,
    take_slots,
)

NOW = 1_772_443_000.0
# What adding fractions of a second to epoch seconds may cost.
ROUNDING = 1e-3

RESERVATIONS = st.lists(
    st.tuples(
        st.integers(1, 100),  # people
        st.floats(0, 200),  # seconds since the reservation before
        st.floats(-100, 100),  # seconds until no call may begin
    ),
    min_size=1,
    max_size=30,
)


def test_the_first_slots() -> None:
    """The first is now, and each later one an interval after the one before."""
    slots, state = take_slots(RateLimitState(), 3, NOW, NOW + 60, 2.0, random_fraction=0.5)
    assert slots == Slots([NOW, NOW + 2, NOW + 4], [])
    assert state == RateLimitState(NOW + 6, 0.0)


def test_slots_after_somebody_elses() -> None:
    """What others have taken is not given out again."""
    _, state = take_slots(RateLimitState(), 3, NOW, NOW + 60, 2.0, random_fraction=0.5)
    slots, _ = take_slots(state, 1, NOW + 1, NOW + 60, 2.0, random_fraction=0.5)
    assert slots.calls == [NOW + 6]


def test_time_that_passed_is_not_saved() -> None:
    """Slots that nobody took are gone: no burst makes up for a quiet hour."""
    _, state = take_slots(RateLimitState(), 1, NOW, NOW + 60, 2.0, random_fraction=0.5)
    slots, _ = take_slots(state, 2, NOW + 3600, NOW + 3660, 2.0, random_fraction=0.5)
    assert slots.calls == [NOW + 3600, NOW + 3602]


def test_the_last_moment() -> None:
    """A slot at the last moment is given out, the one after it is a place in the line."""
    slots, state = take_slots(RateLimitState(), 4, NOW, NOW + 4, 2.0, random_fraction=0.5)
    assert slots == Slots([NOW, NOW + 2, NOW + 4], [NOW + 6])
    assert state == RateLimitState(NOW + 6, NOW + 8)


@pytest.mark.parametrize("latest", [NOW - 0.1, NOW - 60])
def test_no_time_left(latest: float) -> None:
    """Without a slot that can be kept all are in line, and no slot is taken from others."""
    slots, state = take_slots(
        RateLimitState(NOW + 10, 0.0), 2, NOW, latest, 2.0, random_fraction=0.5
    )
    assert slots == Slots([], [NOW + 10, NOW + 12])
    assert state == RateLimitState(NOW + 10, NOW + 14)
    _, untouched = take_slots(RateLimitState(), 2, NOW, latest, 2.0, random_fraction=0.5)
    assert untouched == RateLimitState(0.0, NOW + 4)


def test_the_end_of_the_line() -> None:
    """Whoever comes later stands behind; a line that is over begins anew."""
    _, state = take_slots(RateLimitState(), 2, NOW, NOW - 1, 2.0, random_fraction=0.5)
    behind, _ = take_slots(state, 1, NOW, NOW - 1, 2.0, random_fraction=0.5)
    later, _ = take_slots(state, 1, NOW + 100, NOW + 99, 2.0, random_fraction=0.5)
    assert (behind.returns, later.returns) == ([NOW + 4], [NOW + 100])


@settings(max_examples=300, deadline=None)
@given(RESERVATIONS, st.integers(1, 60_000))
def test_no_window_has_more_than_the_limit(
    reservations: list[tuple[int, float, float]], per_minute: int
) -> None:
    """Whoever reserves when, a minute anywhere has no more slots than agreed."""
    interval, state, now = 60 / per_minute, RateLimitState(), NOW
    calls: list[float] = []
    for people, later, left in reservations:
        now += later
        slots, state = take_slots(state, people, now, now + left, interval, random_fraction=0.5)
        assert all(now <= slot <= now + left + ROUNDING for slot in slots.calls)
        calls.extend(slots.calls)
    gaps = [after - before for before, after in itertools.pairwise(calls)]
    assert all(gap >= interval - ROUNDING for gap in gaps)
    for first, last in zip(calls, calls[per_minute:], strict=False):
        assert last - first >= 60 - ROUNDING


@settings(max_examples=300, deadline=None)
@given(RESERVATIONS, st.integers(1, 60_000))
def test_nobody_is_dropped(reservations: list[tuple[int, float, float]], per_minute: int) -> None:
    """Each has a slot or a place, places are an interval apart, and the state never goes back."""
    interval, state, now = 60 / per_minute, RateLimitState(), NOW
    for people, later, left in reservations:
        now += later
        slots, new = take_slots(state, people, now, now + left, interval, random_fraction=0.5)
        assert len(slots.calls) + len(slots.returns) == people
        assert all(place >= now for place in slots.returns)
        assert all(place <= now + MAX_QUEUE_SECONDS + ROUNDING for place in slots.returns)
        if max(new.next_slot, state.queue_end, now) + people * interval <= now + MAX_QUEUE_SECONDS:
            # The line has room for all; who has no place in it comes back somewhere.
            gaps = [after - before for before, after in itertools.pairwise(slots.returns)]
            assert all(gap == pytest.approx(interval, abs=ROUNDING) for gap in gaps)
            assert all(place >= state.queue_end for place in slots.returns)
        assert new.next_slot >= state.next_slot
        assert new.queue_end >= state.queue_end
        state = new


@pytest.mark.parametrize(
    ("one", "other", "rate"), [(0, 0, 0), (60, 0, 60), (0, 60, 60), (30, 60, 30), (60, 30, 30)]
)
def test_the_slower(one: int, other: int, rate: int) -> None:
    """The lower limit holds, and 0 is none."""
    assert lower_rate(one, other) == rate
