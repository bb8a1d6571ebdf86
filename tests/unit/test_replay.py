"""dead_letters.acts: replay, which loses no letter and doubles none."""

import json

import pytest

from dead_letters.acts import Selection, dry_run, replay
from dead_letters.correction import Edit
from dead_letters.letter import State
from dead_letters.ports import Delivery
from dead_letters.replay import Order
from dead_letters.scan import scan
from dead_letters.selection import ALL
from invites.replay_mark import ATTRIBUTE
from support.build import message, signup
from support.triage_fakes import BrokenLetters, Death, letter
from unit.triage_parts import ADA, ORDER, parts

EVERYTHING = Selection(where=ALL)
FULL = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(10)}
BODY = message(signup()).body


@pytest.mark.parametrize("attributes", [{}, FULL], ids=["marked", "no room for a mark"])
def test_dying_at_any_moment(attributes: dict[str, dict[str, str]]) -> None:
    """Called again, a replay ends with each letter's message counting once, and no letter left."""
    moments = 0
    while True:
        there = parts([letter(n, attributes=attributes) for n in range(3)])
        there.life.moments = moments
        try:
            replay(there.tools, EVERYTHING, ORDER)
        except Death:
            there.life.moments = None
        else:
            assert moments == 3 * 2 * 4  # note, send, note, deletion; before and after
            return
        there.clock.time += 61
        while replay(there.tools, EVERYTHING, ORDER)["again"]:
            pass
        scan(there.tools)
        accepted = there.signups.accepted(there.ledger)
        stay = there.letters.ids
        assert len(accepted) == len(set(accepted))
        # A letter without room for a mark, that may have been sent, is left to the operator.
        assert {*accepted, *stay} == {"letter-0", "letter-1", "letter-2"}
        assert not stay or attributes
        assert all(there.ledger.notes[one].row.state is State.SENDING for one in stay)
        moments += 1


def test_body_and_attributes_are_kept() -> None:
    """Besides them the message has a mark, and the letter it is of is in the ledger."""
    own = {"origin": {"DataType": "String", "StringValue": "unit 7"}}
    there = parts([letter(1, "prose", own)])
    answer = replay(there.tools, EVERYTHING, ORDER)
    (sent,) = there.signups.sent
    assert sent.body == "prose"
    assert {**sent.attributes} == {
        **own,
        ATTRIBUTE: {"DataType": "String", "StringValue": "letter-1/token/1"},
    }
    assert answer["replayedAs"] == {"letter-1": "new-1"}
    assert there.ledger.notes["letter-1"].by == "Ada"


def test_only_what_is_meant() -> None:
    """Others are put back at once, and ids that are not there are named."""
    there = parts([letter(n) for n in range(30)])
    answer = replay(there.tools, Selection(ids=["letter-7", "lost"]), ORDER)
    assert (answer["replayed"], answer["notFound"], answer["again"]) == (1, ["lost"], False)
    assert there.letters.ids == {f"letter-{n}" for n in range(30) if n != 7}
    assert all(there.letters.is_visible(one) for one in there.letters.ids)


def test_it_receives_no_more_than_it_needs() -> None:
    """Once all that is wanted has come, nothing more is received."""
    there = parts([letter(n) for n in range(500)])
    replay(there.tools, Selection(ids=["letter-3"]), ORDER)
    assert there.letters.receives == 8


def test_letters_that_somebody_else_holds_are_not_called_lost() -> None:
    """They are hidden for a minute; until then the answer is to come again."""
    there = parts([letter(1), letter(2)])
    there.letters.receive()
    first = replay(there.tools, EVERYTHING, ORDER)
    assert (first["again"], first["remaining"], first["notFound"]) == (True, 2, [])
    there.clock.time += 61
    assert replay(there.tools, EVERYTHING, ORDER)["replayed"] == 2


def test_a_replay_is_resumed_by_the_same_call() -> None:
    """What was replayed before is counted as such, and not sent again."""
    there = parts([letter(1), letter(2)])
    replay(there.tools, Selection(ids=["letter-1"]), ORDER)
    answer = replay(there.tools, Selection(ids=["letter-1", "letter-2"]), ORDER)
    assert (answer["replayed"], answer["doneBefore"], answer["notFound"]) == (1, 1, [])
    assert len(there.signups.sent) == 2


def test_a_dry_run_receives_nothing() -> None:
    """It tells by the ledger what would be replayed, and what the ledger does not know."""
    there = parts([letter(1), letter(2)])
    answer = dry_run(there.tools, Selection(ids=["letter-1", "unknown"]))
    assert (answer["wouldReplay"], answer["notInLedger"]) == (2, ["unknown"])
    assert answer["byReason"] == {"malformed_body": 1}
    assert there.letters.receives == 0


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
    replay(there.tools, Selection(ids=["letter-1"]), Order(ADA, Edit(roles=("Curator",))))
    data = json.loads(there.signups.sent[0].body)["data"]
    assert data == {"email": "person1@example.test", "roles": ["Curator"]}


@pytest.mark.parametrize(
    ("body", "edit", "error"),
    [
        ("prose", Edit("ada@example.test"), "edit: the letter does not say the roles"),
        ("prose", Edit(roles=()), "edit: the letter does not say the address"),
        (BODY, Edit("nobody"), "edit: it would not be invited: invalid_email"),
    ],
)
def test_a_correction_that_would_not_do(body: str, edit: Edit, error: str) -> None:
    """It is refused before anything is noted or sent."""
    there = parts([letter(1, body)])
    answer = replay(there.tools, Selection(ids=["letter-1"]), Order(ADA, edit))
    assert answer["failed"]["letter-1"].startswith(error)
    assert there.ledger.notes["letter-1"].row.state is State.WAITING
    assert there.letters.ids == {"letter-1"}


def test_inviting_anew_forgets_the_claim() -> None:
    """Only of the person whom the letter is about."""
    there = parts([letter(1, BODY)])
    replay(there.tools, Selection(ids=["letter-1"]), Order(ADA, again=True))
    assert there.claims.forgotten == ["person1@example.test"]
    unreadable = parts([letter(1, "prose")])
    answer = replay(unreadable.tools, Selection(ids=["letter-1"]), Order(ADA, again=True))
    assert answer["failed"] == {"letter-1": "again: the letter is not about one person"}
