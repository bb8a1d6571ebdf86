"""Characters that are not seen, or that change how others are seen."""

import unicodedata

# Unicode's general categories (UAX #44, 5.7.1): control, format (zero-width and bidirectional
# characters, tags), surrogate, private use, unassigned, line and paragraph separator.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Of other categories, and not seen either: the rest of Unicode's Default_Ignorable_Code_Point
# (grapheme joiner, Hangul fillers, Khmer vowels, variation selectors), the empty Braille pattern,
# and the null notehead.
_BLANK_RANGES = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x1D159, 0x1D159), (0xE0100, 0xE01EF),
)  # fmt: skip
_BLANKS = frozenset(chr(one) for first, last in _BLANK_RANGES for one in range(first, last + 1))


def is_unseen(character: str) -> bool:
    """Whether it is not seen. White space is, as a gap, but for tabs and line breaks."""
    return unicodedata.category(character) in _CATEGORIES or character in _BLANKS


def notation(character: str) -> str:
    """A character in Unicode's own notation: `<U+202E>`."""
    return f"<U+{ord(character):04X}>"
