"""One message about many people becomes many messages about one."""

import json

from support.spacemedia.client import StandIn
from support.stack import Stack
from support.waiting import wait_until

PEOPLE = 1000


def test_a_thousand_people_in_one_message_are_invited_once_each(stack: Stack, api: StandIn) -> None:
    """Among them a bad one, which is dead-lettered alone, as a message of its own."""
    events = [{"email": f"many-{n}@example.test"} for n in range(PEOPLE)]
    bad = {"email": "nobody-at-all"}
    stack.send(json.dumps([*events[:500], bad, *events[500:]]))
    wait_until(lambda: _invited(api) == PEOPLE, "everybody to be invited", seconds=90)
    users = api.users()
    assert all(users[event["email"]].invited_count == 1 for event in events)
    wait_until(
        lambda: [
            message for message in stack.messages("DeadLetterQueueUrl") if _is(message["Body"], bad)
        ],
        "the bad event to be dead-lettered",
    )


def _invited(api: StandIn) -> int:
    return sum(address.startswith("many-") for address in api.users())


def _is(body: str, event: dict[str, str]) -> bool:
    return body == json.dumps(event, separators=(",", ":"))
