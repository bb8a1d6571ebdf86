"""What a role may be called, and which names the API may take for Admin.

The API trims what it is sent: Laravel's TrimStrings takes white space, controls and invisible
characters (`Str::INVISIBLE_CHARACTERS`) off both ends. Then it looks the name up in a database
whose collation, as Laravel sets MySQL up, compares primary weights alone (Unicode Technical
Standard #10): case and accents do not count, and invisible characters have no weight. So `Admin`
with a zero-width space, `Ádmin` and `Ađmin` may all be Admin to the API.

Look-alikes of other scripts (Cyrillic, Greek) are not covered. No trimming, normalisation or
collation makes Latin letters of them, so to the API such a name is another role; and a table of
look-alikes would refuse honest names.
"""

import re
import unicodedata
from collections.abc import Iterable

from invites.redaction import is_invisible

# No organisation has a role with a longer name.
MAX_ROLE_LENGTH = 100

_ADMIN = "admin"
# The white space of JSON (RFC 8259, section 2), which producers put around a text.
_LAYOUT = " \t\n\r"

# The Unicode names of the variants of a Latin letter that have no decomposition (with a stroke,
# dotless, insular, combining, in a black circle), and of two letters that weigh as much as D and A.
_LETTER = re.compile(r".*LATIN .*LETTER (?:.* )?(?P<base>[A-Z]|ETH|VOLAPUK AE)(?: WITH .*| ABOVE)?")
_SAME_WEIGHT = {"ETH": "D", "VOLAPUK AE": "A"}
# Marks, and modifiers such as the Arabic tatweel; and signs of other kinds without a weight.
_WEIGHTLESS_KINDS = frozenset({"Mn", "Mc", "Me", "Lm"})
_WEIGHTLESS = frozenset("\u06de\u180a\u1cd3\u1cf2\u1cf3\ufe73")


def clean(text: str) -> str | None:
    """A role's name without the white space around it; None if no role may have it.

    A name is not empty, not too long, and all its characters are visible.
    """
    name = text.strip(_LAYOUT)
    if len(text) > MAX_ROLE_LENGTH or any(map(is_invisible, name)):
        return None
    return name.strip() or None


def is_admin(name: str) -> bool:
    """Whether the API may take the name for Admin, the role that may do everything."""
    letters = "".join(map(_letter, unicodedata.normalize("NFKD", name)))
    return letters.casefold() == _ADMIN


def problem(names: Iterable[str], *, by_rule: bool = False) -> str:
    """What is wrong with names in the deployment's own rules, as a clause; empty if nothing is.

    Args:
        names: The names of roles.
        by_rule: Whether a rule gives them. Only a rule may give Admin, and in plain letters.
    """
    for name in names:
        if is_admin(name) and not by_rule:
            return "holds Admin, which only a rule can give"
        if is_admin(name) and name.lower() != _ADMIN:
            return "holds another spelling of Admin"
        if clean(name) != name:
            return "holds a name that is too long, or has invisible characters or spaces around it"
    return ""


def _letter(character: str) -> str:
    """The letter of the same weight; empty for accents, gaps and invisible characters."""
    if is_invisible(character) or character.isspace() or character in _WEIGHTLESS:
        return ""
    if letter := _LETTER.fullmatch(unicodedata.name(character, "")):
        return _SAME_WEIGHT.get(letter["base"], letter["base"])
    return "" if unicodedata.category(character) in _WEIGHTLESS_KINDS else character
