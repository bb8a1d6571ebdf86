"""Refusals in virtual time: they hold up nobody else, and neither does a broken environment."""

import json

from invites.api.client import Answer
from invites.invite import Invite
from simulation.prove.refused_source import HOUR, REFUSED, refuse_one_source, signup
from simulation.world.fast_world import FastWorld
from support.build import cloud_event

DAY = 24 * HOUR
ROLE_REFUSED = Answer(422, {}, b'{"errors": {"roles.0": ["The selected roles.0 is invalid."]}}')
BAD_REQUEST = Answer(400, {}, b'{"success": false, "message": "Invalid token state."}')


def test_a_source_that_is_refused_throughout_holds_up_no_other() -> None:
    """12 refused a minute, and 1 genuine one of another source; `make prove` does it for 30 h."""
    found = refuse_one_source(hours=6)
    assert (found.invited, found.dead) == (found.sent, 0)
    assert found.slowest <= 60


def test_refusals_of_everybody_for_six_hours_cost_few_dead_letters() -> None:
    """One signup a minute from four sources; once the API takes them again, all others go."""
    world = FastWorld()
    world.api.refuses = lambda _: REFUSED
    events = lambda n: signup(f"person{n}@example.test", f"/source{n % 4}")  # noqa: E731
    world.sign_up_steadily(60.0, 6 * HOUR, events)
    world.time.run(6 * HOUR)
    world.api.refuses = lambda _: None
    world.time.run(DAY, until=world.is_settled)
    assert world.is_settled()
    assert len(world.queue.dead) <= 40
    assert len(world.api.invited) + len(world.queue.dead) == 360


def test_a_role_that_is_refused_for_six_hours_costs_few_dead_letters() -> None:
    """A default role was renamed: whoever asks for another role is invited meanwhile."""

    def refuse(invite: Invite) -> Answer | None:
        return ROLE_REFUSED if invite.roles == ("Artist",) else None

    world = FastWorld()
    world.api.refuses = refuse
    world.sign_up_steadily(60.0, 6 * HOUR, lambda n: signup(f"person{n}@example.test", f"/s{n}"))
    editors = cloud_event({"email": "editor0@example.test", "roles": ["Editor"]})
    world.sign_up_steadily(60.0, 60.0, lambda _: editors)
    world.time.run(6 * HOUR)
    assert "editor0@example.test" in world.api.invited
    world.api.refuses = lambda _: None
    world.time.run(DAY, until=world.is_settled)
    assert len(world.queue.dead) <= 10
    assert len(world.api.invited) + len(world.queue.dead) == 361


def test_a_batch_that_is_refused_as_a_whole_is_paused_and_not_dead_lettered() -> None:
    """A hundred refused in one wave: the refusals are the cause of the pause."""
    world = FastWorld({"BatchSize": "100"})
    world.api.refuses = lambda _: REFUSED
    world.sign_up(100)
    world.time.run(HOUR)
    assert not world.queue.dead
    world.api.refuses = lambda _: None
    world.time.run(DAY, until=world.is_settled)
    assert len(world.api.invited) == 100


def test_a_400_that_goes_away_within_two_hours_dead_letters_nothing() -> None:
    """A 400 can be about the token's state, or a rule that changes."""
    world = FastWorld(random_fraction=0.0)
    world.api.refuses = lambda _: BAD_REQUEST
    world.sign_up(40)
    world.time.run(2 * HOUR)
    world.api.refuses = lambda _: None
    world.time.run(DAY, until=world.is_settled)
    assert not world.queue.dead
    assert len(world.api.invited) == 40


def test_a_400_that_stays_costs_at_most_twelve_calls() -> None:
    """Then it is a dead letter with the API's refusal, long before a day is over."""
    world = FastWorld(random_fraction=1.0)
    world.api.refuses = lambda _: BAD_REQUEST
    (message_id,) = world.sign_up(1)
    world.time.run(7 * DAY, until=world.is_settled)
    assert message_id in world.queue.dead
    assert len(world.api.calls) <= 12
    reason = world.ledger.rows[message_id]
    assert (reason.code, reason.reply.status) == ("refused_by_api", 400)


def test_a_400_of_some_people_pauses_nobody() -> None:
    """It does not count towards five failures in a row."""
    world = FastWorld()
    world.api.refuses = lambda invite: BAD_REQUEST if invite.email.startswith("odd") else None
    for number in range(30):
        world.queue.send(json.dumps({"email": f"odd{number}@example.test"}))
    world.time.run(5)
    world.sign_up(10)
    world.time.run(60)
    assert len(world.api.invited) == 10


def test_a_throttle_that_asks_for_no_wait_is_no_hot_loop() -> None:
    """A batch of ten makes at most three calls a person before it is put back."""
    world = FastWorld({"MaximumConcurrency": "2"})
    world.api.fault = Answer(429, {"retry-after": "0"}, b'{"message": "Too Many Attempts."}')
    world.sign_up(10)
    world.time.run(14)
    assert len(world.api.calls) <= 30


def test_an_environment_that_cannot_reach_the_api_does_not_drain_the_queue() -> None:
    """One of two: 99 of 100 of a backlog are invited within half an hour."""
    world = FastWorld(without_route=1)
    world.mapping.overhead = 0.005
    world.sign_up(2000)
    began = world.time.now()
    world.time.run(DAY, until=world.is_settled)
    assert len(world.api.invited) == 2000
    waits = sorted(moment - began for moment in world.api.invited_at.values())
    assert waits[int(0.99 * len(waits))] < HOUR / 2
