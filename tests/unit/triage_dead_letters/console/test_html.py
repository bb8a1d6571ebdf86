"""triage_dead_letters.console.html: every value is escaped, and invisible characters are marked."""

import json
import unicodedata

import pytest

from dead_letters.correction import read_edit
from dead_letters.selection import RequestError
from support.widget import ParsedPage
from triage_dead_letters.console.html import Html, button, field, join, tag, text

HOSTILE = '"><b onclick=x>\u202e&'
# As an attribute, and as text.
ESCAPED = "&quot;&gt;&lt;b onclick=x&gt;&lt;U+202E&gt;&amp;"
MARKED = ESCAPED.replace("&lt;U+202E&gt;", '<span class="unseen">&lt;U+202E&gt;</span>')

# All invisible characters of Unicode, and some private and unassigned ones: controls, formats with
# the marks of direction and the tags, separators, and blank letters, marks and symbols.
UNSEEN = [
    character
    for character in map(chr, range(0x110000))
    if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} and character not in "\t\n"
]
BLANK = [
    *map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800)),
    *map(chr, (0x3164, 0xFFA0, 0x1D159, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
]
OTHERS = ["\ud800", "\udfff", "\ue000", "\uf8ff", "\U0010fffd", "\u0378", "\ufdd0", "\uffff"]
INVISIBLE = [*UNSEEN, *BLANK, *OTHERS]


def test_every_value_is_escaped_in_text_in_attributes_and_in_buttons() -> None:
    assert text(HOSTILE) == MARKED
    assert tag("p", HOSTILE, title=HOSTILE) == f'<p title="{ESCAPED}">{MARKED}</p>'
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"
    assert HOSTILE not in join(field(HOSTILE, HOSTILE, HOSTILE), HOSTILE)
    pressed = button(HOSTILE, HOSTILE, {"a": HOSTILE}, confirmation=HOSTILE)
    assert "<b" not in pressed
    assert isinstance(pressed, Html)


def test_every_invisible_character_is_marked() -> None:
    """None of over 500 hides, or changes the order of what follows."""
    assert len(INVISIBLE) > 500
    left = [
        ascii(character)
        for character in INVISIBLE
        if character in text(f"a{character}b") + tag("p", "", title=character)
    ]
    assert left == []
    for character in INVISIBLE:
        mark = f'<span class="unseen">&lt;U+{ord(character):04X}&gt;</span>'
        assert text(f"a{character}b") == f"a{mark}b"


@pytest.mark.parametrize(
    "name",
    [
        *("عمر الخيام", "مُحَمَّد", "יוסף כהן", "Đặng Thị Hương", "D\u0323\u0306o", "山田\u3000太郎"),
        *("प्रिया", "ꭰꭱꭲ", "Zoë\u00a0Åström", "👩🏽", "🎨🏛", "line\n\tby line"),
    ],
)
def test_visible_text_stays_as_it_is(name: str) -> None:
    """Names in any script and direction, accents, emoji, and the layout of a body."""
    assert text(name) == name


def test_a_joiner_is_marked_and_what_it_joins_stays_readable() -> None:
    mark = '<span class="unseen">&lt;U+200D&gt;</span>'
    assert text("👩\u200d🎨 می\u200dروم") == f"👩{mark}🎨 می{mark}روم"


@pytest.mark.parametrize(
    "value", ["Artist\u200b", "a\u202eb@x.test", "❤\ufe0f@x.test", "\u3164", "<b>&\"'", "\ue000"]
)
def test_a_field_sends_back_what_it_was_given(value: str) -> None:
    """Also invisible characters, which are marked below the field."""
    page = field("email", "Address", value)
    assert ParsedPage(page).values == {"email": value}
    below = f'<span class="alert">Some of this is invisible: {text(value)}</span>'
    assert (below in page) is ("unseen" in text(value))


@pytest.mark.parametrize(
    "value", ["a\nb@x.test", "a\x00b@x.test", "a\ud800b@x.test", "a\tb@x.test"]
)
def test_a_correction_refuses_characters_that_a_field_cannot_hold(value: str) -> None:
    """A field would drop the line break, and the rest would be another address."""
    sent = ParsedPage(field("email", "Address", value)).values["email"]
    assert sent == "a\N{REPLACEMENT CHARACTER}b@x.test"
    for edit in ({"email": sent}, {"email": "a@x.test", "roles": ["Artist", sent]}):
        with pytest.raises(RequestError, match=r"^edit: .* stands for what a form cannot hold"):
            read_edit(edit)


def test_a_button_sends_exactly_the_parameters_that_it_was_given() -> None:
    parameters = {"where": {"code": "-".join(INVISIBLE) + '\t\n"<&é'}}
    page = button("Press", "arn:act", parameters)
    assert json.loads("".join(ParsedPage(page).parameters)) == parameters
    assert page.isascii()
