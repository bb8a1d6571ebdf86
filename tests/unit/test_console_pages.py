"""The console's pages, without a browser: every value is escaped, and what they say."""

import json
from typing import Any, cast

import pytest

from dead_letters.listing import listing
from invites.explain import MAX_EXPLAINED
from support.build import signup
from support.hostile import large_head, stuffed, written
from support.triage_fakes import letter
from support.triage_ledger import row
from triage_dead_letters.console import draw_act, draw_view
from triage_dead_letters.html import Html, button, field, join, tag, text
from triage_dead_letters.letter_page import MOST_PEOPLE
from triage_dead_letters.overview import Endpoints
from unit.triage_parts import Parts, parts, view

ENDPOINTS = Endpoints("arn:view", "arn:act")
WIDGET: dict[str, Any] = {"widgetContext": {"theme": "dark", "forms": {"all": {}}}}
EVENT_ID = '{"specversion":"1.0","type":"x","source":"/x","id":"'
# AWS Lambda, quotas: the payload of an answer.
LARGEST_ANSWER = 6 * 1024 * 1024
ANSWERS = {
    "quotes": stuffed(EVENT_ID, '\\"', '"}'),
    "half characters": stuffed(EVENT_ID, "\\ud800", '"}'),
    "characters of two bytes": stuffed(EVENT_ID, "é", '"}'),
    "an address": stuffed('{"email":"', '\\"', '"}'),
    "roles": stuffed('{"email":"","roles":["', '","', '"]}'),
    "many people": stuffed("[", f"{written(signup())},", "{}]"),
    "a list of two": stuffed(f"[{EVENT_ID}", '\\"', '"},{}]'),
    "a long source": large_head(10, 1_000_000),
}
HOSTILE = '"><b onclick=x>\u202e&'
ESCAPED = "&quot;&gt;&lt;b onclick=x&gt;\\u202e&amp;"


def test_whatever_is_put_into_html_is_escaped() -> None:
    """In text, in attributes, in what a button sends."""
    assert text(HOSTILE) == ESCAPED
    assert tag("p", HOSTILE, title=HOSTILE) == f'<p title="{ESCAPED}">{ESCAPED}</p>'
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"
    assert HOSTILE not in join(field(HOSTILE, HOSTILE, HOSTILE), HOSTILE)
    pressed = button(HOSTILE, HOSTILE, {"a": HOSTILE}, confirmation=HOSTILE)
    assert "<b" not in pressed
    assert isinstance(pressed, Html)


@pytest.mark.parametrize("one", ["\x00", "\x1b", "\u200f", "\u202e", "\u2066", "\ufeff", "\ud800"])
def test_what_is_not_seen_is_written_out(one: str) -> None:
    """Nothing hides, and nothing turns the order of what follows."""
    assert text(f"a{one}b") == f"a\\u{ord(one):04x}b"


def test_drawing_receives_nothing() -> None:
    """Neither the reasons nor the letters of one."""
    there = parts([letter(n) for n in range(60)])
    for event in ({}, {"page": "letters", "where": {"code": "malformed_body"}, "start": 50}):
        assert "letter" in draw_view(WIDGET | event, view(there), ENDPOINTS)
    assert there.letters.receives == 0


def test_addresses_are_masked_in_lists() -> None:
    """Whatever the ledger holds."""
    there = parts([letter(1)])
    told = row("letter-1")
    masked = told.__class__(**{**_fields(told), "detail": "no ada@example.test here"})
    there.ledger.notes["letter-1"].row = masked
    drawn = draw_view(WIDGET | {"page": "letters", "where": {}}, view(there), ENDPOINTS)
    assert "ada@" not in drawn
    assert "no *** here" in drawn


def test_a_letter_that_is_not_there() -> None:
    """What became of it is said, as far as the ledger knows."""
    there = parts([], rows=[row("gone")])
    drawn = draw_view(WIDGET | {"action": "show", "messageId": "gone"}, view(there), ENDPOINTS)
    assert "It is in the queue no more" in drawn


def test_the_forms_are_what_the_button_takes_of_them() -> None:
    """A correction and a name for a replay, a reason for a discard."""
    forms = {"by": "Ada", "why": "old", "email": "a@example.test", "roles": "Artist, Admin,"}
    event = {"widgetContext": {"forms": {"all": forms}}}
    asked: list[dict[str, Any]] = []

    def act(request: object) -> dict[str, Any]:
        asked.append(cast("dict[str, Any]", request))
        return {"error": HOSTILE}

    drawn = draw_act({**event, "action": "replay", "edit": "form"}, act, "arn:act")
    draw_act({**event, "action": "discard"}, act, "arn:act")
    edit = {"email": "a@example.test", "roles": ["Artist", "Admin"]}
    assert asked[0] == {"action": "replay", "edit": edit, "by": "Ada"}
    assert asked[1] == {"action": "discard", "why": "old", "by": "Ada"}
    assert ESCAPED in drawn


def test_a_call_that_did_not_finish_can_be_continued() -> None:
    """By a button that asks for the same once more."""
    sums = {"replayed": 7, "discarded": 0, "doneBefore": 0, "failed": {"a": "not sent: x"}}
    answer = {**sums, "unsure": ["b"], "notFound": [], "undeleted": [], "again": True}
    drawn = draw_act({**WIDGET, "action": "replay", "where": {}}, lambda _: answer, "arn:act")
    for said in ("7 letters replayed.", "a not sent: x", "1 letter perhaps sent before"):
        assert said in drawn
    assert text(json.dumps({"action": "replay", "where": {}})) in drawn


def test_thousands_of_reasons_fit_into_an_answer() -> None:
    """Of Lambda's, which takes 6 MB: pages do not grow with the queue."""
    there = parts([letter(n) for n in range(5_000)])
    assert len(listing(there.ledger.dead(), 5_000, there.clock.time).rows) == 5_000
    page = {"page": "letters", "where": {"code": "malformed_body"}}
    for event in ({}, page):
        assert len(draw_view(WIDGET | event, view(there), ENDPOINTS)) < 200_000


def _shown(there: Parts) -> tuple[dict[str, Any], str]:
    """The first letter, as JSON and as a page."""
    request = {"action": "show", "messageId": "letter-1"}
    return view(there).answer(request), draw_view(WIDGET | request, view(there), ENDPOINTS)


def test_a_letter_that_is_part_of_a_list_is_explained_as_one() -> None:
    """The function will not split it, so the page does not say that it would."""
    body = json.dumps([signup(1), signup(2)])
    part = {"part-of": {"DataType": "String", "StringValue": "message-1/0"}}
    whole = _shown(parts([letter(1, body)]))[0]["explanation"]
    shown, page = _shown(parts([letter(1, body, part)]))
    assert (whole["outcome"], shown["explanation"]["outcome"]) == ("invite", "reject")
    assert "body is a list within a list" in page


def test_a_long_list_is_told_in_part() -> None:
    """So many people, how many more are known, and how many events nobody has looked at."""
    _, page = _shown(parts([letter(1, json.dumps([signup(n) for n in range(1000)]))]))
    assert page.count(" as Artist") == MOST_PEOPLE
    assert f"and {MAX_EXPLAINED - MOST_PEOPLE:,} more people" in page
    assert f"and {1000 - MAX_EXPLAINED:,} more events, which are not explained" in page


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
def test_any_letter_fits_into_an_answer(body: str) -> None:
    """Of Lambda's; and a page is no longer than a browser shows at once."""
    attribute = {"DataType": "String", "StringValue": '"' * 10_000}
    attributes = {f"attribute-{number}": attribute for number in range(10)}
    shown, page = _shown(parts([letter(1, body, attributes)]))
    # Lambda's runtime writes JSON in UTF-8: half characters would end it.
    written = json.dumps(shown, ensure_ascii=False).encode()
    assert len(written) < LARGEST_ANSWER
    assert len(page.encode()) < 500_000


def _fields(one: object) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}  # type: ignore[attr-defined]
