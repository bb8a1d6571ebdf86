"""The dry run's explanations as a table for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from invites.redaction import is_invisible, notation

_HEAD = ("file", "outcome", "source", "what")
# A column is as wide as its widest text: a type of 1 MiB would fill each row with spaces.
_MAX_SOURCE = 100


def table(explanations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the table: a row for each message, and one for each further thing about it."""
    rows = [_HEAD] + [row for explanation in explanations for row in _rows(explanation)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()


def _rows(explanation: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    source = " ".join(filter(None, (explanation["source"] or "-", explanation["type"])))
    if len(source) > _MAX_SOURCE:
        source = f"{source[:_MAX_SOURCE]}…"
    first = (_printable(explanation["file"]), explanation["outcome"], _printable(source))
    whats = [_printable(what) for what in _whats(explanation)]
    yield (*first, whats[0])
    yield from (("", "", "", what) for what in whats[1:])


def _whats(explanation: Mapping[str, Any]) -> list[str]:
    chosen = f" ({explanation['rule']})" if explanation["rule"] else ""
    whats = [f"{_roles(invite)}{chosen}" for invite in explanation["invites"]]
    whats += [f"{reason}: {detail}" for reason, detail in _reasons(explanation)]
    if explanation["moreParts"]:
        whats.append(f"and {explanation['moreParts']:,} more events")
    if explanation["envelopes"]:
        whats.append(f"in {', in '.join(reversed(explanation['envelopes']))}")
    return whats or ["-"]


def _roles(invite: Mapping[str, Any]) -> str:
    return f"{invite['email']} as {', '.join(invite['roles'])}"


def _reasons(explanation: Mapping[str, Any]) -> list[tuple[str, str]]:
    if explanation["reason"]:
        return [(explanation["reason"], explanation["detail"])]
    return [reason for part in explanation["parts"] for reason in _reasons(part)]


def _printable(text: str) -> str:
    """Anybody's text, with a mark for each character that is invisible or moves the cursor."""
    return "".join(notation(char) if is_invisible(char) else char for char in text)
