"""The console's pages, without a browser: every value is escaped, and what they say."""

import json
import unicodedata
from html.parser import HTMLParser
from typing import Any, cast

import pytest

from dead_letters.correction import read_edit
from dead_letters.listing import listing
from dead_letters.selection import RequestError
from invites.explain import MAX_EXPLAINED
from support.build import signup
from support.hostile import large_head, stuffed, written
from support.triage_fakes import letter
from support.triage_ledger import row
from triage_dead_letters.console.html import Html, button, field, join, tag, text
from triage_dead_letters.console.letter import MAX_PEOPLE
from triage_dead_letters.console.overview import Endpoints
from triage_dead_letters.console.widget import draw_act, draw_view
from triage_dead_letters.handler import sendable
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
# In an attribute, and as text.
ESCAPED = "&quot;&gt;&lt;b onclick=x&gt;&lt;U+202E&gt;&amp;"
MARKED = ESCAPED.replace("&lt;U+202E&gt;", '<span class="unseen">&lt;U+202E&gt;</span>')

# All that Unicode has of what is not seen, but for the private and the unassigned, of which some:
# controls, formats with the marks of direction and the tags, separators, and what is blank though
# it counts as a letter, a mark or a symbol.
UNSEEN = [
    one
    for one in map(chr, range(0x110000))
    if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} and one not in "\t\n"
]
BLANK = [
    *map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800)),
    *map(chr, (0x3164, 0xFFA0, 0x1D159, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
]
OTHERS = ["\ud800", "\udfff", "\ue000", "\uf8ff", "\U0010fffd", "\u0378", "\ufdd0", "\uffff"]


def test_whatever_is_put_into_html_is_escaped() -> None:
    """In text, in attributes, in what a button sends."""
    assert text(HOSTILE) == MARKED
    assert tag("p", HOSTILE, title=HOSTILE) == f'<p title="{ESCAPED}">{MARKED}</p>'
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"
    assert HOSTILE not in join(field(HOSTILE, HOSTILE, HOSTILE), HOSTILE)
    pressed = button(HOSTILE, HOSTILE, {"a": HOSTILE}, confirmation=HOSTILE)
    assert "<b" not in pressed
    assert isinstance(pressed, Html)


def test_what_is_not_seen_is_marked() -> None:
    """Nothing hides, and nothing turns the order of what follows: of 500 characters not one."""
    tried = [*UNSEEN, *BLANK, *OTHERS]
    assert len(tried) > 500
    assert [ascii(one) for one in tried if one in text(f"a{one}b") + tag("p", "", title=one)] == []
    for one in tried:
        mark = f'<span class="unseen">&lt;U+{ord(one):04X}&gt;</span>'
        assert text(f"a{one}b") == f"a{mark}b"


@pytest.mark.parametrize(
    "name",
    [
        *("عمر الخيام", "مُحَمَّد", "יוסף כהן", "Đặng Thị Hương", "D\u0323\u0306o", "山田\u3000太郎"),
        *("प्रिया", "ꭰꭱꭲ", "Zoë\u00a0Åström", "👩🏽", "🎨🏛", "line\n\tby line"),
    ],
)
def test_what_is_seen_stays_as_it_is(name: str) -> None:
    """Names in any script and direction, accents, emoji, and the layout of a body."""
    assert text(name) == name


def test_what_is_joined_stays_readable() -> None:
    """A joiner is marked, and what it joins is still there."""
    mark = '<span class="unseen">&lt;U+200D&gt;</span>'
    assert text("👩\u200d🎨 می\u200dروم") == f"👩{mark}🎨 می{mark}روم"


class Pressed(HTMLParser):
    """What a browser would send: the fields' values, and a button's parameters."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.sent: list[str] = []
        self._is_action = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a field's value."""
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.values[given["name"]] = given["value"]
        self._is_action = tag == "cwdb-action"

    def handle_data(self, data: str) -> None:
        """Keep a button's parameters."""
        if self._is_action:
            self.sent.append(data)


@pytest.mark.parametrize(
    "value", ["Artist\u200b", "a\u202eb@x.test", "❤\ufe0f@x.test", "\u3164", "<b>&\"'", "\ue000"]
)
def test_a_field_sends_back_what_it_was_given(value: str) -> None:
    """Also what is not seen in it, which is shown below."""
    page = field("email", "Address", value)
    assert Pressed(page).values == {"email": value}
    told = f'<span class="alert">Not all of this is seen: {text(value)}</span>'
    assert (told in page) is ("unseen" in text(value))


@pytest.mark.parametrize(
    "value", ["a\nb@x.test", "a\x00b@x.test", "a\ud800b@x.test", "a\tb@x.test"]
)
def test_a_correction_with_what_no_field_can_hold_is_not_taken(value: str) -> None:
    """A line break would be gone, and it would be another's address."""
    sent = Pressed(field("email", "Address", value)).values["email"]
    assert sent == "a\N{REPLACEMENT CHARACTER}b@x.test"
    for edit in ({"email": sent}, {"email": "a@x.test", "roles": ["Artist", sent]}):
        with pytest.raises(RequestError, match=r"^edit: .* stands for what a form cannot hold"):
            read_edit(edit)


def test_a_button_sends_exactly_what_it_was_given() -> None:
    """As JSON, in its own escapes."""
    parameters = {"where": {"code": "-".join([*UNSEEN, *BLANK, *OTHERS]) + '\t\n"<&é'}}
    page = button("Press", "arn:act", parameters)
    assert json.loads("".join(Pressed(page).sent)) == parameters
    assert page.isascii()


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


def test_a_letter_with_half_a_character_is_answered() -> None:
    """As Lambda writes it: as UTF-8, and without escapes since Python 3.12."""
    body = '{"email": "\\ud800@x.test", "roles": ["\\udfff", "a\\u202e, b"], "name": "\\ud83d"}'
    there = parts([letter(1, body)])
    show = {"action": "show", "messageId": "letter-1"}
    answer = sendable(view(there).answer(show))
    assert json.loads(json.dumps(answer, ensure_ascii=False).encode())["body"] == body
    assert answer["explanation"]["hint"]["email"] == "\N{REPLACEMENT CHARACTER}@x.test"
    page = draw_view(WIDGET | show, view(there), ENDPOINTS)
    values = Pressed(page.encode().decode()).values
    assert values["email"] == "\N{REPLACEMENT CHARACTER}@x.test"
    assert values["roles"] == "\N{REPLACEMENT CHARACTER}, a\u202e\N{REPLACEMENT CHARACTER} b"


def test_a_letter_made_of_what_is_not_seen_fits_into_an_answer() -> None:
    """Its body, and ten attributes of it, each of which is shown up to a length."""
    unseen = "\u202e" * 300_000
    attributes = {
        f"a{number}": {"DataType": "String", "StringValue": "\x7f" * 100_000}
        for number in range(10)
    }
    body = json.dumps({"email": unseen, "roles": [unseen]}, ensure_ascii=False)
    there = parts([letter(1, body, attributes)])
    show = {"action": "show", "messageId": "letter-1"}
    assert len(draw_view(WIDGET | show, view(there), ENDPOINTS).encode()) < 4_000_000


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
    assert MARKED in drawn


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
    assert page.count(" as Artist") == MAX_PEOPLE
    assert f"and {MAX_EXPLAINED - MAX_PEOPLE:,} more people" in page
    assert f"and {1000 - MAX_EXPLAINED:,} more events, which are not explained" in page


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
def test_any_letter_fits_into_an_answer(body: str) -> None:
    """As JSON, which Lambda writes as UTF-8, and as a page."""
    shown, page = _shown(parts([letter(1, body)]))
    assert len(json.dumps(sendable(shown), ensure_ascii=False).encode()) < LARGEST_ANSWER
    assert len(page.encode()) < LARGEST_ANSWER / 4


def _fields(one: object) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}  # type: ignore[attr-defined]
