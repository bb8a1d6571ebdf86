"""dead_letters.actions: replay, which loses no letter and doubles none."""

import pytest

from dead_letters.actions import Selection, dry_run, replay, scan
from dead_letters.letter import State
from dead_letters.selection import ALL
from invites.message import REPLAY_OF
from support.triage_fakes import Death, letter
from unit.triage_parts import ORDER, parts

EVERYTHING = Selection(where=ALL)
FULL = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(10)}


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
        accepted = there.signups.accepted(there.ledger.accepts)
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
        REPLAY_OF: {"DataType": "String", "StringValue": "letter-1/token/1"},
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
