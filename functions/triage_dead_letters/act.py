"""What an operator can do, as requests of JSON."""

from collections.abc import Mapping
from typing import Any

from dead_letters.actions import discard, dry_run, replay, scan
from dead_letters.replay import ReplayOptions
from dead_letters.selection import RequestError
from dead_letters.tools import TriageDeps
from triage_dead_letters.requests import only, read_actor, read_discard, read_replay


def act(deps: TriageDeps, request: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """Do what is asked.

    Args:
        deps: Queues, ledger, rules.
        request: With `action`: scan, replay or discard.
        request_id: Of this invocation.

    Raises:
        RequestError: The request makes no sense; nothing was done.
        LedgerError: The ledger cannot be read.
        QueueError: The dead-letter queue cannot be read. What was done is in the ledger.
    """
    match request.get("action"):
        case "scan":
            only(request, {"action", "by"})
            return scan(deps)
        case "replay":
            return _replay(deps, request, request_id)
        case "discard":
            actor = read_actor(request, request_id)
            return discard(deps, *read_discard(request), actor)
        case _:
            raise RequestError("action: must be scan, replay or discard")


def _replay(deps: TriageDeps, request: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    wanted, actor = read_replay(request), read_actor(request, request_id)
    if wanted.is_dry_run:
        return dry_run(deps, wanted.selection)
    return replay(deps, wanted.selection, ReplayOptions(actor, wanted.edit, wanted.again))
