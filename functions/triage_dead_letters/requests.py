"""What is asked for: requests of JSON, checked. A slip may not do more than was meant."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from dead_letters.actions import Selection
from dead_letters.correction import Edit, read_edit
from dead_letters.ports import Actor
from dead_letters.selection import RequestError, read_ids, read_where
from invites.redaction import redact

# Long enough for a name, an address or an ARN.
MAX_NAME_LENGTH = 200

_SELECTION = {"action", "messageIds", "where", "by"}


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """A replay that was asked for."""

    selection: Selection
    is_dry_run: bool
    edit: Edit | None
    again: bool


def read_replay(request: Mapping[str, Any]) -> ReplayRequest:
    """Read a replay.

    Raises:
        RequestError: It is not one, or asks one person's correction for several letters.
    """
    only(request, _SELECTION | {"dryRun", "edit", "again"})
    selection = read_selection(request)
    edit = read_edit(request["edit"]) if request.get("edit") is not None else None
    dry_run, again = _flag(request, "dryRun"), _flag(request, "again")
    if (edit or again) and len(selection.ids) != 1:
        raise RequestError("edit and again are for one letter: messageIds with one id")
    return ReplayRequest(selection, dry_run, edit, again)


def read_discard(request: Mapping[str, Any]) -> tuple[Selection, str]:
    """Read a discard: which letters, and why; raises RequestError."""
    only(request, _SELECTION | {"why"})
    why = request.get("why")
    if not isinstance(why, str) or not why.strip():
        raise RequestError("why: must say why the letters are thrown away")
    return read_selection(request), redact(why)


def read_selection(request: Mapping[str, Any]) -> Selection:
    """Which letters: by id or by filter, and not by both; raises RequestError."""
    if ("messageIds" in request) == ("where" in request):
        raise RequestError("either messageIds or where is needed")
    if "where" in request:
        return Selection(where=read_where(request["where"]))
    return Selection(ids=read_ids(request["messageIds"]))


def read_actor(request: Mapping[str, Any], request_id: str) -> Actor:
    """Who acts, as they say; raises RequestError."""
    by = request.get("by") or ""
    if not isinstance(by, str) or len(by) > MAX_NAME_LENGTH:
        raise RequestError("by: must be a name")
    return Actor("".join(one for one in by if one.isprintable()).strip(), request_id)


def only(request: Mapping[str, Any], names: Set[str]) -> None:
    """Refuse a request with other fields: `dryrun` would replay; raises RequestError."""
    if unknown := request.keys() - names:
        raise RequestError(f"{', '.join(sorted(map(str, unknown)))}: not known here")


def _flag(request: Mapping[str, Any], name: str) -> bool:
    value = request.get(name, False)
    if not isinstance(value, bool):
        raise RequestError(f"{name}: must be true or false")
    return value
