"""invites.rules.role_name: what a role may be called, and what the API may take for Admin."""

import json
import unicodedata

import pytest

from dead_letters.correction import read_edit
from dead_letters.selection import RequestError
from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Outcome
from invites.rules.role_name import clean, is_admin
from invites.rules.roles import Choice, RoleRules
from invites.signup import Facts
from support.build import READER, cloud_event

# What Laravel's TrimStrings takes off both ends of each text of a request (laravel/framework,
# Illuminate\Support\Str::trim): INVISIBLE_CHARACTERS, "\n\r\t\v\0" and, by Unicode, white space.
TRIMMED = (
    *map(chr, (0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0, 0xAD, 0x034F, 0x061C)),
    *map(chr, (0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180E, *range(0x2000, 0x2010))),
    *map(chr, (0x2028, 0x2029, 0x202F, 0x205F, *range(0x2060, 0x2066), *range(0x206A, 0x2070))),
    *map(chr, (0x2800, 0x3000, 0x3164, 0xFEFF, 0xFFA0, 0x1D159, *range(0x1D173, 0x1D17B), 0xE0020)),
)
# 195, of which 120 would have been sent as they are.
AROUND = [
    text for char in TRIMMED for text in (f"{char}Admin", f"Admin{char}", f"{char}Admin{char}")
]

# What the Default Unicode Collation Element Table (UTS #10, versions 5.2 to 10) weighs as it does a
# letter of Admin, though it has no decomposition.
OF_THE_SAME_WEIGHT = {
    "a": "\u0363🅐🅰\u1df2ꞛꞚ\u1dd3",
    "d": "\u0369🅓🆥🅳đĐðÐ\u1dd9ᶞ\u1dd8ꝺꝹ",
    "m": "\u036b🅜🅼",
    "i": "\u0365🅘🅸",
    "n": "\u1de0🅝🅽ꞥꞤ",
}
COLLATED = [
    "admin".replace(letter, other)
    for letter, others in OF_THE_SAME_WEIGHT.items()
    for other in others
]
# Full width, mathematical bold and script letters: where their capital A is.
STYLED = [
    "".join(chr(capital_a + ord(letter) - ord("A")) for letter in "ADMIN")
    for capital_a in (0xFF21, 0x1D400, 0x1D4D0)
]
FOLDED = [
    *("Ádmin", "A\u0301dmin", "Àdmin", "Ådmin", "Admiñ", "Âḋṁĭń", "\uff21dmin", *STYLED),
    *("Ⓐⓓⓜⓘⓝ", "ᴬᵈᵐⁱⁿ", "ADMİN", "Adm\u0131n", "ADM\u0131N", "adm㏌", "a㍷in", "ad\u0640min"),
    *("Ad\u0336m\u0336in", "A d m i n", "admin", "ADMIN", " aDmIn "),
]
# In which a character that is not seen is not at an end.
WITHIN = [f"Ad{char}min" for char in ("\x00", "\x1b", "\u200b", "\u202e", "\ue000", "\u0378")]


def asked(role: str) -> Invite | Outcome:
    """What becomes of our own event that asks for a role."""
    content = READER.read(json.dumps(cloud_event({"email": "a@b.test", "roles": [role]}))).content
    assert isinstance(content, Invite | Outcome)
    return content


def test_tables_of_spellings_are_complete() -> None:
    """The tables are what they are said to be."""
    assert (len(TRIMMED), len(AROUND), len(set(AROUND))) == (65, 195, 195)
    assert len(COLLATED) == 31


@pytest.mark.parametrize("role", [*AROUND, *COLLATED, *FOLDED, *WITHIN], ids=ascii)
def test_no_spelling_of_admin_is_sent(role: str) -> None:
    """Whatever the API would make Admin of is refused, and the field is named."""
    refused = asked(role)
    assert isinstance(refused, Outcome)
    assert refused.code in {Code.ROLE_NOT_ALLOWED, Code.MALFORMED_BODY}
    assert refused.detail.startswith("data.roles ")
    assert is_admin(role)


@pytest.mark.parametrize("role", ["Ádmin", "\uff21dmin", "ADMİN", "Ađmin", "Admin\u00a0"])
def test_spelling_that_could_be_a_name_is_refused_as_admin(role: str) -> None:
    """The producer learns that it may not have the role, not that its text is broken."""
    refused = asked(role)
    assert isinstance(refused, Outcome)
    assert refused.code is Code.ROLE_NOT_ALLOWED


@pytest.mark.parametrize(
    "role",
    [
        *(
            "Administrator",
            "Gallery Admin",
            "Admins",
            "admin2",
            "Admin-",
            "Admin & Co",
            "min",
            "Ad",
        ),
        # The first letters of these are Cyrillic and Greek.
        *("\u0410dmin", "\u0391dmin"),
        *("Éditeur", "E\u0301diteur", "Åpen", "لوحة", "מנהל", "管理者", "상급 편집자", "लेखक", "🎨"),
        *("Senior\u00a0Artist", "上級\u3000編集者"),
    ],
)
def test_other_names_are_sent_as_they_are(role: str) -> None:
    """In any script, and also if they only look like Admin."""
    content = asked(role)
    assert isinstance(content, Invite)
    assert content.roles == (role,)


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
def test_no_name_has_an_invisible_character(category: str) -> None:
    """Neither at its ends nor in it; the white space of JSON around it is left out."""
    every = (chr(number) for number in range(0x110000))
    found = [char for char in every if unicodedata.category(char) == category]
    assert found
    for char in found[:300] + found[-300:]:
        assert clean(f"Art{char}ist") is None
        around = [clean(f"{char}Artist"), clean(f"Artist{char}")]
        assert around == (["Artist"] * 2 if char in "\t\n\r" else [None] * 2)


@pytest.mark.parametrize("blank", ["\u034f", "\u115f", "\u3164", "\ufe0f", "\u2800", "\U0001d159"])
def test_no_name_has_a_blank_character(blank: str) -> None:
    """Characters of other categories that are not seen either."""
    assert clean(f"Artist{blank}") is None


@pytest.mark.parametrize("text", ["", " ", "\n", "\u3000", "x" * 101, "\u200b"])
def test_nothing_gaps_alone_and_long_text_are_no_name(text: str) -> None:
    """Nothing, gaps alone, and what is too long."""
    assert clean(text) is None


@pytest.mark.parametrize(
    "role", ["Admin\u200b", "Ádmin", "Guest\u200b", "Guest ", "Admin", "\ud800"]
)
def test_odd_name_of_a_system_counts_for_nothing(role: str) -> None:
    """It is no role of ours unless it is listed exactly; the person is invited all the same."""
    rules = RoleRules(allowed=frozenset({"Guest"}), default=("Artist",))
    assert rules.choose(Facts("auth0", roles=(role,))) == Choice(("Artist",), "default")


@pytest.mark.parametrize("role", ["Artist\u200b", "Art\x00ist", "\u202eArtist", "", 7])
def test_role_in_a_correction_has_the_same_limits(role: object) -> None:
    """An operator's paste is no better than a producer's event."""
    with pytest.raises(RequestError, match=r"^edit: roles "):
        read_edit({"roles": [role]})
