"""Backlogs in virtual time, with and without a rate limit: all are invited, none expires."""

import json

import pytest

from simulation.world.fast_world import FastWorld
from simulation.world.space_media import WINDOW

DAY = 24 * 3600.0

BACKLOG = 10_000
PER_MINUTE = 60


@pytest.mark.parametrize("limit", [str(PER_MINUTE), "0"], ids=["with the limit", "without"])
@pytest.mark.parametrize("concurrency", ["2", "10"])
def test_a_backlog_is_worked_off_at_the_pace_of_the_api(limit: str, concurrency: str) -> None:
    """10,000 signups against 60 a minute: none dead-lettered, none received over three times."""
    world = FastWorld({"MaxInvitesPerMinute": limit, "MaximumConcurrency": concurrency})
    world.api.per_minute = PER_MINUTE
    world.sign_up(BACKLOG)
    world.time.run(2 * DAY, until=world.is_settled)
    assert world.is_settled()
    assert not world.queue.dead
    assert world.queue.max_receive_count <= 3
    assert len(world.api.invited) == BACKLOG
    assert set(world.api.invited.values()) == {1}


@pytest.mark.parametrize("limit", ["5", "0"], ids=["with the limit", "without"])
def test_a_backlog_of_days_loses_nobody(limit: str) -> None:
    """Three days of work, put back for hours at a time: all is done before it would expire."""
    world = FastWorld(
        {"MaxInvitesPerMinute": limit, "MaximumConcurrency": "10", "BatchSize": "100"}
    )
    world.api.per_minute = 5
    world.sign_up(20_000)
    world.time.run(7 * DAY, until=world.is_settled)
    assert world.is_settled()
    assert not world.queue.dead
    assert not world.queue.expired
    assert set(world.api.invited.values()) == {1}
    assert len(world.api.invited) == 20_000


def test_the_rate_limit_holds_over_all_environments() -> None:
    """With a limit of its own the function never calls more often, whatever the API would take."""
    world = FastWorld({"MaxInvitesPerMinute": "60", "MaximumConcurrency": "10"})
    world.sign_up(600)
    world.time.run(DAY, until=world.is_settled)
    calls = world.api.calls
    # A slot is a moment, a window any 60 s: 60 slots and the one that it begins with.
    busiest = max(sum(start <= call < start + WINDOW for call in calls) for start in calls)
    assert busiest <= PER_MINUTE + 1


def test_many_people_in_one_message_use_up_no_receives() -> None:
    """Five thousand people are one receive of the whole, and one each."""
    world = FastWorld()
    people = [{"email": f"person-{n}@example.test"} for n in range(5000)]
    world.queue.send(json.dumps(people))
    world.time.run(3600, until=world.is_settled)
    assert len(world.api.invited) == 5000
    assert set(world.api.invited.values()) == {1}
    assert world.queue.max_receive_count == 1
