"""The dry run's explanations as a table for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from invites.redaction import is_invisible, notation

_HEAD = ("file", "outcome", "source", "what")
# A column is as wide as its widest text: a type of 1 MiB would fill each row with spaces.
_MAX_SOURCE = 100


def table(explanations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the table: a message a row, with a row for each further thing to say of it."""
    rows = [_HEAD] + [row for one in explanations for row in _rows(one)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()


def _rows(one: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    source = " ".join(filter(None, (one["source"] or "-", one["type"])))
    if len(source) > _MAX_SOURCE:
        source = f"{source[:_MAX_SOURCE]}…"
    first = (_printable(one["file"]), one["outcome"], _printable(source))
    whats = [_printable(what) for what in _whats(one)]
    yield (*first, whats[0])
    yield from (("", "", "", what) for what in whats[1:])


def _whats(one: Mapping[str, Any]) -> list[str]:
    chosen = f" ({one['rule']})" if one["rule"] else ""
    whats = [f"{_roles(invite)}{chosen}" for invite in one["invites"]]
    whats += [f"{reason}: {detail}" for reason, detail in _reasons(one)]
    if one["moreParts"]:
        whats.append(f"and {one['moreParts']:,} more events")
    if one["envelopes"]:
        whats.append(f"in {', in '.join(reversed(one['envelopes']))}")
    return whats or ["-"]


def _roles(invite: Mapping[str, Any]) -> str:
    return f"{invite['email']} as {', '.join(invite['roles'])}"


def _reasons(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    if one["reason"]:
        return [(one["reason"], one["detail"])]
    return [reason for part in one["parts"] for reason in _reasons(part)]


def _printable(text: str) -> str:
    """With marks for what is not seen, or could move a terminal's cursor: it is anybody's text."""
    return "".join(notation(one) if is_invisible(one) else one for one in text)
