"""invites.sending.rate_limit: slots, and the queue for them."""

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


def test_the_first_slot_is_now_and_each_later_one_an_interval_on() -> None:
    slots, state = take_slots(RateLimitState(), 3, NOW, NOW + 60, 2.0, random_fraction=0.5)
    assert slots == Slots([NOW, NOW + 2, NOW + 4], [])
    assert state == RateLimitState(NOW + 6, 0.0)


def test_a_slot_that_is_taken_is_not_given_out_again() -> None:
    _, state = take_slots(RateLimitState(), 3, NOW, NOW + 60, 2.0, random_fraction=0.5)
    slots, _ = take_slots(state, 1, NOW + 1, NOW + 60, 2.0, random_fraction=0.5)
    assert slots.calls == [NOW + 6]


def test_no_burst_makes_up_for_a_quiet_hour() -> None:
    _, state = take_slots(RateLimitState(), 1, NOW, NOW + 60, 2.0, random_fraction=0.5)
    slots, _ = take_slots(state, 2, NOW + 3600, NOW + 3660, 2.0, random_fraction=0.5)
    assert slots.calls == [NOW + 3600, NOW + 3602]


def test_a_slot_at_the_last_moment_is_given_out_and_the_next_is_a_place_in_the_queue() -> None:
    slots, state = take_slots(RateLimitState(), 4, NOW, NOW + 4, 2.0, random_fraction=0.5)
    assert slots == Slots([NOW, NOW + 2, NOW + 4], [NOW + 6])
    assert state == RateLimitState(NOW + 6, NOW + 8)


@pytest.mark.parametrize("latest", [NOW - 0.1, NOW - 60])
def test_without_time_all_queue_up_and_take_no_slot(latest: float) -> None:
    slots, state = take_slots(
        RateLimitState(NOW + 10, 0.0), 2, NOW, latest, 2.0, random_fraction=0.5
    )
    assert slots == Slots([], [NOW + 10, NOW + 12])
    assert state == RateLimitState(NOW + 10, NOW + 14)
    _, untouched = take_slots(RateLimitState(), 2, NOW, latest, 2.0, random_fraction=0.5)
    assert untouched == RateLimitState(0.0, NOW + 4)


def test_a_job_that_comes_later_queues_behind() -> None:
    """A queue that is over begins again."""
    _, state = take_slots(RateLimitState(), 2, NOW, NOW - 1, 2.0, random_fraction=0.5)
    behind, _ = take_slots(state, 1, NOW, NOW - 1, 2.0, random_fraction=0.5)
    later, _ = take_slots(state, 1, NOW + 100, NOW + 99, 2.0, random_fraction=0.5)
    assert (behind.returns, later.returns) == ([NOW + 4], [NOW + 100])


@settings(max_examples=300, deadline=None)
@given(RESERVATIONS, st.integers(1, 60_000))
def test_no_minute_has_more_slots_than_the_limit(
    reservations: list[tuple[int, float, float]], per_minute: int
) -> None:
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
def test_every_job_has_a_slot_or_a_place(
    reservations: list[tuple[int, float, float]], per_minute: int
) -> None:
    """Places are an interval apart, and the state never goes back."""
    interval, state, now = 60 / per_minute, RateLimitState(), NOW
    for people, later, left in reservations:
        now += later
        slots, new = take_slots(state, people, now, now + left, interval, random_fraction=0.5)
        assert len(slots.calls) + len(slots.returns) == people
        assert all(place >= now for place in slots.returns)
        assert all(place <= now + MAX_QUEUE_SECONDS + ROUNDING for place in slots.returns)
        if max(new.next_slot, state.queue_end, now) + people * interval <= now + MAX_QUEUE_SECONDS:
            # The queue has room for all: a job without a place in it would come at a random moment.
            gaps = [after - before for before, after in itertools.pairwise(slots.returns)]
            assert all(gap == pytest.approx(interval, abs=ROUNDING) for gap in gaps)
            assert all(place >= state.queue_end for place in slots.returns)
        assert new.next_slot >= state.next_slot
        assert new.queue_end >= state.queue_end
        state = new


@pytest.mark.parametrize(
    ("rate", "other", "lower"), [(0, 0, 0), (60, 0, 60), (0, 60, 60), (30, 60, 30), (60, 30, 30)]
)
def test_the_lower_rate_holds_and_zero_is_no_limit(rate: int, other: int, lower: int) -> None:
    assert lower_rate(rate, other) == lower
