"""Text from outside, made fit for a log: no address, no line break, no more than a sentence."""

import re
from collections.abc import Sequence

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\xa1-\ud7ff\ue000-\uffff]+")

# Enough for the longest Laravel validation message with its field names.
MAX_LENGTH = 300

# What ids are made of: UUIDs, ARNs, URIs, counters. An id with an at sign may be an address.
_ID = re.compile(r"[\w.:/|=+-]{1,128}", re.ASCII)


# A shorter one tells nobody apart, and is in half of all words.
SHORTEST_SECRET = 3

# What an address or a token has in it, also percent-encoded or full-width.
_TELLTALES = ("@", "%40", "\uff20", "|")
_MASK = "***"


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Mask every word that may be an address or a token, drop what is not printable, cut.

    Args:
        text: From outside.
        secrets: Words with one of these in them, in whatever case, are masked as well.
    """
    telling = (secret for secret in secrets if len(secret) >= SHORTEST_SECRET)
    hidden = [*_TELLTALES, *(secret.casefold() for secret in telling)]
    words = _NOT_PRINTABLE.sub(" ", text).split()
    return " ".join(_MASK if _holds(word, hidden) else word for word in words)[:MAX_LENGTH]


def _holds(word: str, hidden: Sequence[str]) -> bool:
    folded = word.casefold()
    return any(one in folded for one in hidden)


def loggable_id(event_id: str | None) -> str | None:
    """A producer's event id if it looks like one; else None, as it may be personal data."""
    return event_id if event_id and _ID.fullmatch(event_id) else None
