"""dead_letters.actions: dry run, scan, discard. Replays are in test_replay.py."""

from dataclasses import replace

import pytest

from dead_letters.actions import discard, dry_run, replay, scan
from dead_letters.letter import CAUSE_UNKNOWN, State
from dead_letters.listing import COUNT_LAG_SECONDS
from dead_letters.replay import ReplayOptions
from dead_letters.selection import ALL, Selection
from support.dead_letters import ADA, HIDE_SECONDS, Killed, letter, make_triage, record


def test_a_dry_run_tells_what_a_replay_would_take_and_receives_nothing() -> None:
    triage = make_triage([letter(1), letter(2)])
    answer = dry_run(triage.deps, Selection(ids=["letter-1", "unknown"]))
    assert (answer["wouldReplay"], answer["notInLedger"]) == (2, ["unknown"])
    assert answer["byReason"] == {"malformed_body": 1}
    assert triage.queue.receives == 0


def test_a_scan_lists_letters_without_a_record_as_cause_unknown() -> None:
    triage = make_triage([letter(1), letter(2)], records=[record("letter-1")])
    answer = scan(triage.deps)
    assert (answer["seen"], answer["new"], answer["again"]) == (2, 1, False)
    codes = {known.message_id: known.code for known in triage.ledger.list_all()}
    assert codes == {"letter-1": "malformed_body", "letter-2": CAUSE_UNKNOWN}


def test_a_scan_puts_all_letters_back() -> None:
    triage = make_triage([letter(n) for n in range(25)])
    scan(triage.deps)
    assert triage.queue.are_all_visible()


def test_a_scan_takes_letters_off_the_list_that_have_left_the_queue() -> None:
    """SQS's own redrive takes letters without telling the ledger; a new record is left alone."""
    triage = make_triage([letter(1)], [record("letter-1"), record("gone"), record("new")])
    triage.clock.time += COUNT_LAG_SECONDS + 100
    triage.ledger.rows["new"].record = replace(record("new"), last_tried=int(triage.clock.time))
    assert scan(triage.deps)["left"] == 1
    assert {known.message_id for known in triage.ledger.list_all()} == {"letter-1", "new"}
    assert triage.ledger.rows["gone"].record.state is State.LEFT


def test_a_scan_keeps_letters_on_the_list_that_another_call_holds() -> None:
    """They are hidden for a minute; until then the answer says to call again."""
    triage = make_triage([letter(1)])
    triage.clock.time += COUNT_LAG_SECONDS + 100
    triage.queue.receive()
    assert scan(triage.deps) == {"seen": 0, "new": 0, "left": 0, "finished": 0, "again": True}
    triage.clock.time += HIDE_SECONDS + 1
    assert scan(triage.deps)["again"] is False
    assert len(triage.ledger.list_all()) == 1


def test_a_scan_deletes_a_letter_that_was_sent_and_not_deleted() -> None:
    triage = make_triage([letter(1)])
    triage.lifetime.steps = 6  # up to the deletion
    with pytest.raises(Killed):
        replay(triage.deps, Selection(where=ALL), ReplayOptions(ADA))
    triage.lifetime.steps = None
    assert triage.queue.ids == {"letter-1"}
    triage.clock.time += HIDE_SECONDS + 1
    assert scan(triage.deps)["finished"] == 1
    assert triage.queue.ids == set()
    assert len(triage.signup_queue.sent) == 1


@pytest.mark.parametrize("steps", range(8))
def test_a_discard_that_was_killed_is_completed_by_the_same_call(steps: int) -> None:
    """There are eight steps: note and deletion of two letters, before and after."""
    both = Selection(ids=["letter-1", "letter-2"])
    triage = make_triage([letter(1), letter(2)])
    triage.lifetime.steps = steps
    with pytest.raises(Killed):
        discard(triage.deps, both, "a test", ADA)
    triage.lifetime.steps = None
    triage.clock.time += HIDE_SECONDS + 1
    discard(triage.deps, both, "a test", ADA)
    assert triage.queue.ids == set()
    rows = triage.ledger.rows.values()
    assert {(row.record.state, row.why, row.by) for row in rows} == {
        (State.DISCARDED, "a test", "Ada")
    }
    assert triage.ledger.list_all() == []
