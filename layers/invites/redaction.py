"""Text from outside, made safe to show: redacted for a log, invisible characters made visible."""

import re
import unicodedata
from collections.abc import Sequence

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\xa1-\ud7ff\ue000-\uffff]+")

# Enough for the longest Laravel validation message with its field names.
MAX_LENGTH = 300

# The characters of UUIDs, ARNs, URIs and counters. An id with an at sign may be an address.
_ID = re.compile(r"[\w.:/|=+-]{1,128}", re.ASCII)


# A shorter secret identifies nobody, and is in half of all words.
MIN_SECRET_LENGTH = 3

# Characters of addresses and tokens, also percent-encoded or full-width.
_TELLTALES = ("@", "%40", "\uff20", "|")
_MASK = "***"


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Mask every word that may be an address or a token, drop unprintable characters, and cut.

    Args:
        text: From outside.
        secrets: A word that contains one of these, in whatever case, is masked as well.
    """
    telling = (secret for secret in secrets if len(secret) >= MIN_SECRET_LENGTH)
    hidden = [*_TELLTALES, *(secret.casefold() for secret in telling)]
    words = _NOT_PRINTABLE.sub(" ", text).split()
    return " ".join(_MASK if _holds(word, hidden) else word for word in words)[:MAX_LENGTH]


def _holds(word: str, hidden: Sequence[str]) -> bool:
    folded = word.casefold()
    return any(text in folded for text in hidden)


def loggable_id(event_id: str | None) -> str | None:
    """A producer's event id if it looks like one; else None, as it may be personal data."""
    return event_id if event_id and _ID.fullmatch(event_id) else None


# Unicode's general categories (UAX #44, 5.7.1): control, format (zero-width and bidirectional
# characters, tags), surrogate, private use, unassigned, line and paragraph separator.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Characters of other categories that are not seen either: the rest of Unicode's
# Default_Ignorable_Code_Point (grapheme joiner, Hangul fillers, Khmer vowels, variation selectors),
# the empty Braille pattern, and the null notehead.
_BLANK_RANGES = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x1D159, 0x1D159), (0xE0100, 0xE01EF),
)  # fmt: skip
_BLANKS = frozenset(chr(code) for first, last in _BLANK_RANGES for code in range(first, last + 1))


def is_invisible(character: str) -> bool:
    """Whether a character is not seen. A space is seen, as a gap; tabs and line breaks are not."""
    return unicodedata.category(character) in _CATEGORIES or character in _BLANKS


def notation(character: str) -> str:
    """A character in Unicode's own notation: `<U+202E>`."""
    return f"<U+{ord(character):04X}>"
