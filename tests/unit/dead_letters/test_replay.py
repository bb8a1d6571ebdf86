"""dead_letters.replay, which loses no letter and sends none twice."""

import itertools
import json
from typing import Any

import pytest

from dead_letters.actions import replay, scan
from dead_letters.correction import Edit
from dead_letters.letter import State
from dead_letters.ports import Delivery
from dead_letters.replay import MAX_BYTES, ReplayOptions, size, with_replay_mark
from dead_letters.selection import ALL, Selection
from invites.message import REPLAY_OF, ReplayMark
from support.build import message, signup
from support.dead_letters import (
    ADA,
    HIDE_SECONDS,
    Killed,
    Triage,
    UndeletableLetters,
    letter,
    make_triage,
)

EVERYTHING, FIRST = Selection(where=ALL), Selection(ids=["letter-1"])
BY_ADA = ReplayOptions(ADA)
ATTRIBUTE_VALUE = {"DataType": "String", "StringValue": "x"}
NINE_ATTRIBUTES = {f"a{n}": ATTRIBUTE_VALUE for n in range(9)}
TEN_ATTRIBUTES = NINE_ATTRIBUTES | {"a9": ATTRIBUTE_VALUE}
PART = {"part-of": {"DataType": "String", "StringValue": "message-1/0"}}
BODY = message(signup()).body
MARK = ReplayMark("letter-1", "token-1", 2)


@pytest.mark.parametrize("attributes", [{}, TEN_ATTRIBUTES], ids=["marked", "no room for a mark"])
def test_a_replay_that_is_killed_at_any_step_is_completed_by_the_same_call(
    attributes: dict[str, dict[str, str]],
) -> None:
    """Each letter's message counts once. Note, send, note, deletion: before and after are 8 steps.

    A letter without room for a mark that may have been sent stays for the operator.
    """
    for steps in itertools.count():
        triage = make_triage([letter(n, attributes=attributes) for n in range(3)])
        triage.lifetime.steps = steps
        try:
            replay(triage.deps, EVERYTHING, BY_ADA)
        except Killed:
            triage.lifetime.steps = None
        else:
            assert steps == 3 * 8
            return
        _complete(triage)
        accepted, stay = triage.signup_queue.accepted(triage.ledger.accepts), triage.queue.ids
        assert len(accepted) == len(set(accepted))
        assert {*accepted, *stay} == {"letter-0", "letter-1", "letter-2"}
        assert not stay or attributes
        states = [triage.ledger.rows[message_id].record.state for message_id in stay]
        assert set(states) <= {State.SENDING}


def _complete(triage: Triage) -> None:
    """Make the same call until it asks for no other, then scan."""
    triage.clock.time += HIDE_SECONDS + 1
    while replay(triage.deps, EVERYTHING, BY_ADA)["again"]:
        pass
    scan(triage.deps)


def test_a_message_keeps_body_and_attributes_and_gets_a_mark() -> None:
    own = {"origin": {"DataType": "String", "StringValue": "unit 7"}}
    triage = make_triage([letter(1, "prose", own)])
    answer = replay(triage.deps, EVERYTHING, BY_ADA)
    (sent,) = triage.signup_queue.sent
    mark = {REPLAY_OF: {"DataType": "String", "StringValue": "letter-1/token/1"}}
    assert sent.body == "prose"
    assert {**sent.attributes} == {**own, **mark}
    assert answer["replayedAs"] == {"letter-1": "new-1"}
    assert triage.ledger.rows["letter-1"].by == "Ada"


def test_letters_that_are_not_meant_are_put_back_and_unknown_ids_are_named() -> None:
    triage = make_triage([letter(n) for n in range(30)])
    answer = replay(triage.deps, Selection(ids=["letter-7", "lost"]), BY_ADA)
    assert (answer["replayed"], answer["notFound"], answer["again"]) == (1, ["lost"], False)
    assert triage.queue.ids == {f"letter-{n}" for n in range(30) if n != 7}
    assert triage.queue.are_all_visible()


def test_nothing_more_is_received_once_all_meant_letters_have_come() -> None:
    triage = make_triage([letter(n) for n in range(500)])
    replay(triage.deps, Selection(ids=["letter-3"]), BY_ADA)
    assert triage.queue.receives == 8


def test_letters_that_another_call_holds_are_not_reported_as_not_found() -> None:
    """They are hidden for a minute; until then the answer says to call again."""
    triage = make_triage([letter(1), letter(2)])
    triage.queue.receive()
    first = replay(triage.deps, EVERYTHING, BY_ADA)
    assert (first["again"], first["remaining"], first["notFound"]) == (True, 2, [])
    triage.clock.time += HIDE_SECONDS + 1
    assert replay(triage.deps, EVERYTHING, BY_ADA)["replayed"] == 2


def test_a_letter_that_was_replayed_before_is_counted_as_such_and_not_sent_again() -> None:
    triage = make_triage([letter(1), letter(2)])
    replay(triage.deps, FIRST, BY_ADA)
    answer = replay(triage.deps, Selection(ids=["letter-1", "letter-2"]), BY_ADA)
    assert (answer["replayed"], answer["doneBefore"], answer["notFound"]) == (1, 1, [])
    assert len(triage.signup_queue.sent) == 2


def test_a_send_that_was_refused_can_be_repeated_even_without_a_mark() -> None:
    """The message was certainly not sent."""
    triage = make_triage([letter(1, attributes=TEN_ATTRIBUTES)])
    triage.signup_queue.refuse = lambda _: Delivery(None, error="Throttled")
    answer = replay(triage.deps, EVERYTHING, BY_ADA)
    assert answer["failed"] == {"letter-1": "not sent: Throttled"}
    triage.signup_queue.refuse = lambda _: None
    triage.clock.time += HIDE_SECONDS + 1
    assert replay(triage.deps, EVERYTHING, BY_ADA)["replayed"] == 1


def test_a_send_that_is_unsure_is_not_repeated_without_a_mark() -> None:
    """The letter stays and is reported as unsure."""
    triage = make_triage([letter(1, attributes=TEN_ATTRIBUTES)])
    triage.signup_queue.refuse = lambda _: Delivery(None, is_unsure=True, error="ReadTimeoutError")
    replay(triage.deps, EVERYTHING, BY_ADA)
    triage.signup_queue.refuse = lambda _: None
    triage.clock.time += HIDE_SECONDS + 1
    assert replay(triage.deps, EVERYTHING, BY_ADA)["unsure"] == ["letter-1"]
    assert triage.signup_queue.sent == []


def test_without_the_ledger_nothing_is_sent() -> None:
    triage = make_triage([letter(1)])
    triage.ledger.is_down = True
    answer = replay(triage.deps, EVERYTHING, BY_ADA)
    assert answer["failed"] == {"letter-1": "the ledger cannot be written: Down"}
    assert triage.signup_queue.sent == []


def test_a_sent_letter_that_cannot_be_deleted_is_reported_as_undeleted() -> None:
    triage = make_triage([letter(1)], queue_type=UndeletableLetters)
    answer = replay(triage.deps, EVERYTHING, BY_ADA)
    assert (answer["replayed"], answer["undeleted"]) == (1, ["letter-1"])


def test_a_corrected_event_goes_out_instead_of_the_letter() -> None:
    triage = make_triage([letter(1, BODY)])
    replay(triage.deps, FIRST, ReplayOptions(ADA, Edit(roles=("Curator",))))
    data = json.loads(triage.signup_queue.sent[0].body)["data"]
    assert data == {"email": "person1@example.test", "roles": ["Curator"]}


def test_a_refused_correction_notes_and_sends_nothing() -> None:
    triage = make_triage([letter(1, BODY)])
    answer = replay(triage.deps, FIRST, ReplayOptions(ADA, Edit("nobody")))
    assert answer["failed"]["letter-1"].startswith("edit: ")
    assert triage.ledger.rows["letter-1"].record.state is State.WAITING
    assert triage.queue.ids == {"letter-1"}


def test_inviting_again_forgets_the_claim_on_the_letters_person() -> None:
    triage = make_triage([letter(1, BODY)])
    replay(triage.deps, FIRST, ReplayOptions(ADA, again=True))
    assert triage.forget_claim.forgotten == ["person1@example.test"]


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        ("prose", {}),
        (message([signup(1), signup(2)]).body, {}),
        (message([signup(1), *[{}] * 1000]).body, {}),
        # A list within a list is refused, and the person would not be invited.
        (message([signup(1)]).body, PART),
    ],
)
def test_a_letter_that_is_not_about_one_person_forgets_nobody(
    body: str, attributes: dict[str, Any]
) -> None:
    triage = make_triage([letter(1, body, attributes)])
    answer = replay(triage.deps, FIRST, ReplayOptions(ADA, again=True))
    assert answer["failed"] == {"letter-1": "again: the letter is not about one person"}
    assert triage.forget_claim.forgotten == []


def test_a_mark_is_one_of_at_most_ten_attributes() -> None:
    assert with_replay_mark("", NINE_ATTRIBUTES, MARK)
    assert with_replay_mark("", TEN_ATTRIBUTES, MARK) is None


def test_a_mark_replaces_that_of_an_earlier_replay() -> None:
    mark = {"DataType": "String", "StringValue": "letter-1/token-1/2"}
    marked = with_replay_mark("", {**NINE_ATTRIBUTES, REPLAY_OF: ATTRIBUTE_VALUE}, MARK)
    assert marked == {**NINE_ATTRIBUTES, REPLAY_OF: mark}


def test_a_message_with_its_mark_has_at_most_one_mebibyte() -> None:
    room = MAX_BYTES - size("", with_replay_mark("", {}, MARK) or {})
    assert with_replay_mark("x" * room, {}, MARK)
    assert with_replay_mark("x" * (room + 1), {}, MARK) is None


def test_a_size_counts_the_bytes_of_names_types_and_values() -> None:
    attributes = {"b": {"DataType": "Binary", "BinaryValue": b"123"}}
    assert size("é", attributes) == 2 + 1 + 6 + 3
