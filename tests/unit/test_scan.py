"""dead_letters.actions."""

from dataclasses import replace

from dead_letters.actions import Selection, discard, replay, scan
from dead_letters.letter import CAUSE_UNKNOWN, State
from dead_letters.selection import ALL
from support.triage_fakes import Death, letter
from support.triage_ledger import row
from unit.triage_parts import ADA, ORDER, parts


def test_letters_without_a_row_get_one() -> None:
    """Its reason is that nobody knows the reason; the others' stay what they are."""
    there = parts([letter(1), letter(2)], rows=[row("letter-1")])
    answer = scan(there.tools)
    assert (answer["seen"], answer["new"], answer["again"]) == (2, 1, False)
    codes = {one.message_id: one.code for one in there.ledger.dead()}
    assert codes == {"letter-1": "malformed_body", "letter-2": CAUSE_UNKNOWN}


def test_all_are_put_back() -> None:
    """Whoever comes next can receive them at once."""
    there = parts([letter(n) for n in range(25)])
    scan(there.tools)
    assert all(there.letters.is_visible(one) for one in there.letters.ids)


def test_letters_that_left_are_listed_no_more() -> None:
    """SQS's own redrive took them, which nobody told the ledger; a new row is left alone."""
    late = int(parts([]).clock.time)
    there = parts([letter(1)], [row("letter-1"), row("gone"), replace(row("new"), last_tried=late)])
    there.clock.time += 400
    there.ledger.notes["new"].row = replace(row("new"), last_tried=int(there.clock.time))
    assert scan(there.tools)["left"] == 1
    assert {one.message_id for one in there.ledger.dead()} == {"letter-1", "new"}
    assert there.ledger.notes["gone"].row.state is State.LEFT


def test_letters_that_somebody_holds_have_not_left() -> None:
    """They are hidden for a minute; until then the answer is to come again."""
    there = parts([letter(1)])
    there.clock.time += 400
    there.letters.receive()
    assert scan(there.tools) == {"seen": 0, "new": 0, "left": 0, "finished": 0, "again": True}
    there.clock.time += 61
    assert scan(there.tools)["again"] is False
    assert len(there.ledger.dead()) == 1


def test_it_finishes_what_a_replay_left_behind() -> None:
    """A letter that was sent, and not deleted, is deleted."""
    there = parts([letter(1)])
    there.life.moments = 6  # before the deletion
    try:
        replay(there.tools, Selection(where=ALL), ORDER)
    except Death:
        there.life.moments = None
    assert there.letters.ids == {"letter-1"}
    there.clock.time += 61
    assert scan(there.tools)["finished"] == 1
    assert there.letters.ids == set()
    assert len(there.signups.sent) == 1


def test_a_discard_is_resumed() -> None:
    """Dying at any moment, called again: the letters are gone, with who and why."""
    for moments in range(8):
        there = parts([letter(1), letter(2)])
        there.life.moments = moments
        try:
            discard(there.tools, Selection(ids=["letter-1", "letter-2"]), "a test", ADA)
        except Death:
            there.life.moments = None
        there.clock.time += 61
        discard(there.tools, Selection(ids=["letter-1", "letter-2"]), "a test", ADA)
        assert there.letters.ids == set()
        notes = there.ledger.notes.values()
        assert {(one.row.state, one.why, one.by) for one in notes} == {
            (State.DISCARDED, "a test", "Ada")
        }
        assert there.ledger.dead() == []
