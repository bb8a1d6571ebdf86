"""triage_dead_letters.console.letter: one letter, whatever it is made of."""

import json
from typing import Any

import pytest

from invites.explain import MAX_EXPLAINED
from support.build import signup
from support.dead_letters import Triage, letter, make_triage, record
from support.hostile import large_head, stuffed, written
from support.widget import draw
from triage_dead_letters.console.letter import MAX_PEOPLE
from triage_dead_letters.handler import sendable

SHOW = {"action": "show", "messageId": "letter-1"}
EVENT_ID = '{"specversion":"1.0","type":"x","source":"/x","id":"'
# AWS Lambda, quotas: the payload of an answer.
MAX_ANSWER = 6 * 1024 * 1024
# Bodies of 1 MiB that grow most when they are written as JSON or as HTML.
LONG_BODIES = {
    "quotes": stuffed(EVENT_ID, '\\"', '"}'),
    "half characters": stuffed(EVENT_ID, "\\ud800", '"}'),
    "characters of two bytes": stuffed(EVENT_ID, "é", '"}'),
    "an address": stuffed('{"email":"', '\\"', '"}'),
    "roles": stuffed('{"email":"","roles":["', '","', '"]}'),
    "many people": stuffed("[", f"{written(signup())},", "{}]"),
    "a list of two": stuffed(f"[{EVENT_ID}", '\\"', '"},{}]'),
    "a long source": large_head(10, 1_000_000),
}


def _explanation(triage: Triage) -> dict[str, Any]:
    explanation: dict[str, Any] = triage.view.answer(SHOW)["explanation"]
    return explanation


def test_a_letter_that_is_gone_is_explained_by_the_ledger() -> None:
    triage = make_triage([], records=[record("letter-1")])
    assert "SQS redrove or deleted this letter" in draw(triage, **SHOW)


def test_a_letter_says_why_it_failed_and_what_todays_rules_do() -> None:
    triage = make_triage([letter(1, json.dumps(signup()))])
    page = draw(triage, **SHOW)
    assert "It failed with malformed_body: body is not JSON" in page
    assert "Today&#x27;s rules invite person1@example.test as Artist." in page


def test_a_letter_without_a_record_says_how_it_gets_one() -> None:
    assert "Scan lists it" in draw(make_triage([letter(1)], records=[]), **SHOW)


def test_a_letter_that_another_call_holds_can_be_looked_for_again() -> None:
    triage = make_triage([letter(1)])
    triage.queue.receive()
    page = draw(triage, **SHOW)
    assert "Look again in a minute" in page
    assert "Look again</a>" in page


def test_a_letter_that_is_part_of_a_list_is_explained_as_one() -> None:
    """The function does not split a list within a list, so the page does not say so either."""
    body = json.dumps([signup(1), signup(2)])
    attributes = {"part-of": {"DataType": "String", "StringValue": "message-1/0"}}
    part = make_triage([letter(1, body, attributes)])
    assert _explanation(make_triage([letter(1, body)]))["outcome"] == "invite"
    assert _explanation(part)["outcome"] == "reject"
    page = draw(part, **SHOW)
    assert "Today&#x27;s rules refuse the event: malformed_body, body is a list" in page


def test_a_long_list_names_some_people_and_counts_the_rest() -> None:
    triage = make_triage([letter(1, json.dumps([signup(n) for n in range(1000)]))])
    page = draw(triage, **SHOW)
    assert page.count(" as Artist") == MAX_PEOPLE
    assert f"and {MAX_EXPLAINED - MAX_PEOPLE:,} more people" in page
    assert f"and {1000 - MAX_EXPLAINED:,} more events, which are not explained" in page


@pytest.mark.parametrize("body", LONG_BODIES.values(), ids=LONG_BODIES)
def test_any_letter_fits_into_an_answer_of_lambda(body: str) -> None:
    """As JSON, which Lambda writes as UTF-8, and as a page."""
    triage = make_triage([letter(1, body)])
    answer = sendable(triage.view.answer(SHOW))
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < MAX_ANSWER
    triage.queue.release(["letter-1"])
    assert len(draw(triage, **SHOW).encode()) < MAX_ANSWER / 4


def test_a_letter_of_invisible_characters_fits_into_an_answer_of_lambda() -> None:
    """Each becomes a mark of 40 bytes, in the body and in ten attributes."""
    unseen = "\u202e" * 300_000
    attributes = {
        f"a{number}": {"DataType": "String", "StringValue": "\x7f" * 100_000}
        for number in range(10)
    }
    body = json.dumps({"email": unseen, "roles": [unseen]}, ensure_ascii=False)
    triage = make_triage([letter(1, body, attributes)])
    assert len(draw(triage, **SHOW).encode()) < 4_000_000
