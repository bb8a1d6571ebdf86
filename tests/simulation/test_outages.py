"""Outages in virtual time: nothing is dead-lettered, little is called, and all recover."""

import pytest

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, CallError, UnreachableError
from simulation.world.deployment import template_of_the_stack
from simulation.world.fast_world import FastWorld

DAY = 24 * 3600.0
HTML = b"<html><body>Whoops</body></html>"

OUTAGES: dict[str, Answer | CallError] = {
    "nobody answers": UnreachableError("no connection"),
    "answers break off": BrokenCallError("no complete answer"),
    "the API fails": Answer(500, {}, b'{"message": "Server Error"}'),
    "the API is down": Answer(503, {"retry-after": "120"}, HTML),
    "a gateway fails": Answer(502, {}, HTML),
    "the token is refused": Answer(401, {}, b'{"message": "Unauthenticated."}'),
    "the URL is a page": Answer(200, {}, HTML),
    "the URL moved": Answer(302, {"location": "/login"}, b""),
    "the quota is used up": Answer(402, {}, b'{"success": false, "message": "Quota."}'),
    "a right is missing": Answer(403, {}, b'{"message": "This action is unauthorized."}'),
    "everything is throttled": Answer(429, {"retry-after": "60"}, b'{"message": "Too Many."}'),
}


@pytest.mark.parametrize("fault", OUTAGES.values(), ids=OUTAGES.keys())
def test_an_outage_of_a_day_dead_letters_nothing(fault: Answer | CallError) -> None:
    """Whatever is wrong for a whole day, everybody is invited afterwards, once."""
    world = FastWorld(random_fraction=0.0)
    world.api.fault = fault
    world.sign_up(40)
    world.time.run(DAY)
    world.api.fault = None
    world.time.run(4 * 3600, until=world.is_settled)
    assert world.is_settled()
    assert not world.queue.dead
    assert set(world.api.invited.values()) == {1}
    assert len(world.api.invited) == 40


def test_an_outage_is_noticed_by_few_calls() -> None:
    """While the API is down, each environment asks for itself, not for each message."""
    world = FastWorld()
    world.api.fault = OUTAGES["nobody answers"]
    world.sign_up(400)
    world.time.run(3600)
    assert len(world.api.calls) < 60


def test_a_recovered_api_is_noticed_within_three_hours() -> None:
    """The longest wait of the schedule is how late the last message can be."""
    world = FastWorld(random_fraction=1.0)
    world.api.fault = OUTAGES["the API is down"]
    world.sign_up(40)
    world.time.run(DAY)
    world.api.fault, recovered = None, world.time.now()
    world.time.run(DAY, until=world.is_settled)
    assert world.time.now() - recovered <= 3 * 3600


@pytest.mark.parametrize("receives", ["smallest", "default"])
def test_a_message_is_tried_for_more_than_a_day(receives: str) -> None:
    """From the first receive to the last that still tries, with every wait at its lowest."""
    limits = template_of_the_stack().parameters["MaxReceiveCount"]
    count = limits["MinValue" if receives == "smallest" else "Default"]
    world = FastWorld({"MaxReceiveCount": str(count)}, random_fraction=0.0)
    world.api.fault = OUTAGES["a right is missing"]
    (message_id,) = world.sign_up(1)
    message = world.queue.waiting[message_id]
    world.time.run(7 * DAY, until=world.is_settled)
    assert message_id in world.queue.dead
    assert world.api.calls[-1] - (message.first_received_at or 0.0) >= DAY


def test_a_message_of_many_tries_has_its_last_cause_in_the_ledger() -> None:
    """A dead letter that ran out of retries says so, and why."""
    world = FastWorld()
    world.api.fault = OUTAGES["a right is missing"]
    (message_id,) = world.sign_up(1)
    world.time.run(7 * DAY, until=world.is_settled)
    reason = world.ledger.rows[message_id]
    assert (reason.code, reason.cause) == ("retries_exhausted", "not_permitted")


def test_a_message_is_stopped_before_the_queue_would_delete_it() -> None:
    """Six days old and still to be tried again, it becomes a dead letter with its last cause."""
    world = FastWorld()
    world.api.fault = OUTAGES["the API is down"]
    (message_id,) = world.sign_up(1)
    world.queue.waiting[message_id].sent_at -= 6 * DAY
    world.time.run(60, until=world.is_settled)
    assert message_id in world.queue.dead
    reason = world.ledger.rows[message_id]
    assert (reason.code, reason.cause) == ("paused_too_long", "unavailable")


def test_a_mass_refusal_pauses_instead_of_emptying_the_queue() -> None:
    """When the API refuses everybody, most messages wait until somebody has looked."""
    world = FastWorld()
    world.api.fault = Answer(422, {}, b'{"errors": {"terms": ["The terms field is required."]}}')
    world.sign_up(400)
    world.time.run(3600)
    assert len(world.queue.dead) < 60
    assert world.api.calls
    world.api.fault = None
    world.time.run(DAY, until=world.is_settled)
    assert len(world.api.invited) + len(world.queue.dead) == 400


def test_a_taken_address_is_no_failure() -> None:
    """Somebody whom the API knows already is done with one call."""
    world = FastWorld()
    world.api.fault = Answer(422, {}, f'{{"errors": {{"email": ["{EMAIL_TAKEN}"]}}}}'.encode())
    world.sign_up(20)
    world.time.run(60, until=world.is_settled)
    assert world.is_settled()
    assert len(world.api.calls) == 20


def test_a_throttle_that_names_minutes_for_a_day_dead_letters_nothing() -> None:
    """A person who is not called, as the API takes no calls, uses up no receive in vain."""
    world = FastWorld({"MaxInvitesPerMinute": "10"}, random_fraction=0.0)
    world.api.fault = Answer(429, {"retry-after": "600"}, b'{"message": "Too Many."}')
    world.sign_up(40)
    world.time.run(DAY)
    world.api.fault = None
    world.time.run(8 * 3600, until=world.is_settled)
    assert not world.queue.dead
    assert len(world.api.invited) == 40
