"""Text from outside, made fit for a log: no address, no line break, no more than a sentence."""

import re

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\xa1-\ud7ff\ue000-\uffff]+")

# Enough for the longest Laravel validation message with its field names.
MAX_LENGTH = 300

# What ids are made of: UUIDs, ARNs, URIs, counters. An id with an at sign may be an address.
_ID = re.compile(r"[\w.:/|=+-]{1,128}", re.ASCII)


def redact(text: str) -> str:
    """Mask every word with an at sign in it, drop what is not printable, cut."""
    words = _NOT_PRINTABLE.sub(" ", text).split()
    return " ".join("***@***" if "@" in word else word for word in words)[:MAX_LENGTH]


def loggable_id(event_id: str | None) -> str | None:
    """A producer's event id if it looks like one; else None, as it may be personal data."""
    return event_id if event_id and _ID.fullmatch(event_id) else None
