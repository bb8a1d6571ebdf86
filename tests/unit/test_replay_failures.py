"""dead_letters.replay: sends that fail, corrections, and inviting anew."""

import json

import pytest

from dead_letters.actions import Selection, replay
from dead_letters.correction import Edit
from dead_letters.letter import State
from dead_letters.ports import Delivery
from dead_letters.replay import ReplayOptions
from dead_letters.selection import ALL
from support.build import message, signup
from support.triage_fakes import BrokenLetters, letter
from unit.triage_parts import ADA, ORDER, parts

EVERYTHING = Selection(where=ALL)
PART = {"part-of": {"DataType": "String", "StringValue": "message-1/0"}}
FULL = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(10)}
BODY = message(signup()).body
TWO = message([signup(1), signup(2)]).body
# The others are refused, or are not explained any more.
ONE_OF_TWO = message([signup(1), {}]).body
ONE_OF_MANY = message([signup(1), *[{}] * 1000]).body
CORRECTION = Edit("ada@example.test", ("Artist",))


def test_a_send_that_fails_leaves_the_letter() -> None:
    """It can be replayed at once, even without room for a mark: it was surely not sent."""
    there = parts([letter(1, attributes=FULL)])
    there.signups.refuse = lambda _: Delivery(None, error="Throttled")
    answer = replay(there.tools, EVERYTHING, ORDER)
    assert answer["failed"] == {"letter-1": "not sent: Throttled"}
    there.signups.refuse = lambda _: None
    there.clock.time += 61
    assert replay(there.tools, EVERYTHING, ORDER)["replayed"] == 1


def test_a_send_that_is_unsure_is_not_repeated_without_a_mark() -> None:
    """The letter is told as such, and stays."""
    there = parts([letter(1, attributes=FULL)])
    there.signups.refuse = lambda _: Delivery(None, is_unsure=True, error="ReadTimeoutError")
    replay(there.tools, EVERYTHING, ORDER)
    there.signups.refuse = lambda _: None
    there.clock.time += 61
    assert replay(there.tools, EVERYTHING, ORDER)["unsure"] == ["letter-1"]
    assert there.signups.sent == []


def test_without_the_ledger_nothing_is_sent() -> None:
    """A replay that cannot be noted is not begun."""
    there = parts([letter(1)])
    there.ledger.is_down = True
    answer = replay(there.tools, EVERYTHING, ORDER)
    assert answer["failed"] == {"letter-1": "the ledger cannot be written: Down"}
    assert there.signups.sent == []


def test_what_cannot_be_deleted_is_told() -> None:
    """It is sent, so that the next scan only has to delete it."""
    there = parts([letter(1)], queue=BrokenLetters)
    answer = replay(there.tools, EVERYTHING, ORDER)
    assert (answer["replayed"], answer["undeleted"]) == (1, ["letter-1"])


def test_a_correction() -> None:
    """What the letter says is kept where the operator gives nothing else."""
    there = parts([letter(1, BODY)])
    replay(there.tools, Selection(ids=["letter-1"]), ReplayOptions(ADA, Edit(roles=("Curator",))))
    data = json.loads(there.signups.sent[0].body)["data"]
    assert data == {"email": "person1@example.test", "roles": ["Curator"]}


@pytest.mark.parametrize(
    ("body", "edit", "error"),
    [
        ("prose", Edit("ada@example.test"), "edit: the letter does not say the roles"),
        ("prose", Edit(roles=()), "edit: the letter does not say the address"),
        (BODY, Edit("nobody"), "edit: it would not be invited: invalid_email"),
        (TWO, CORRECTION, "edit: the letter is about several people"),
        (ONE_OF_TWO, CORRECTION, "edit: the letter is about several people"),
        (ONE_OF_MANY, CORRECTION, "edit: the letter is about several people"),
    ],
)
def test_a_correction_that_would_not_do(body: str, edit: Edit, error: str) -> None:
    """It is refused before anything is noted or sent."""
    there = parts([letter(1, body)])
    answer = replay(there.tools, Selection(ids=["letter-1"]), ReplayOptions(ADA, edit))
    assert answer["failed"]["letter-1"].startswith(error)
    assert there.ledger.notes["letter-1"].row.state is State.WAITING
    assert there.letters.ids == {"letter-1"}


def test_inviting_anew_forgets_the_claim() -> None:
    """Only of the person whom the letter is about."""
    there = parts([letter(1, BODY)])
    replay(there.tools, Selection(ids=["letter-1"]), ReplayOptions(ADA, again=True))
    assert there.claims.forgotten == ["person1@example.test"]


@pytest.mark.parametrize(
    ("body", "attributes"),
    [("prose", {}), (TWO, {}), (ONE_OF_MANY, {}), (message([signup(1)]).body, PART)],
)
def test_nobody_is_forgotten_by_a_letter_that_is_not_about_one_person(
    body: str, attributes: dict[str, dict[str, str]]
) -> None:
    """Nor by a part which is a list again: it would be refused, and the person not invited."""
    there = parts([letter(1, body, attributes)])
    answer = replay(there.tools, Selection(ids=["letter-1"]), ReplayOptions(ADA, again=True))
    assert answer["failed"] == {"letter-1": "again: the letter is not about one person"}
    assert there.claims.forgotten == []
