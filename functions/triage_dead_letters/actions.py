"""The actions of act, each declared in one place: scan, replay, discard.

An action reads its request, does it, and draws what came of it for the console. A request that is
not valid does nothing: a slip must not do more than was meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dead_letters.actions import discard, dry_run, replay, scan
from dead_letters.correction import read_edit
from dead_letters.ports import Actor, TriageDeps
from dead_letters.replay import ReplayOptions
from dead_letters.selection import (
    RequestError,
    Selection,
    read_selection,
    reject_unknown_fields,
)
from invites.redaction import redact
from triage_dead_letters.console.html import Html
from triage_dead_letters.console.result import letters_result, scan_result

Request = Mapping[str, Any]
Answer = dict[str, Any]
# The fields of the console's forms, by name.
Form = Mapping[str, Any]
T = TypeVar("T")

# Long enough for a name, an address or an ARN.
MAX_NAME_LENGTH = 200

_SELECTION = {"action", "by", "messageIds", "where"}


@dataclass(frozen=True, slots=True)
class Action(Generic[T]):
    """One action of act.

    Attributes:
        name: The value of the request's field `action`.
        parse: Reads the request, given the invocation's id; raises RequestError. The console adds
            `by` to every request.
        run: Does what the request asks for; raises LedgerError or QueueError. If its answer has
            `again`, the console offers to continue.
        result: What the console says about the answer.
        fill_in: What the action takes from the console's forms, as fields of the request.
    """

    name: str
    parse: Callable[[Request, str], T]
    run: Callable[[TriageDeps, T], Answer]
    result: Callable[[Answer], list[Html]]
    fill_in: Callable[[Request, Form], dict[str, Any]] = lambda _request, _form: {}


def act(deps: TriageDeps, request: Request, request_id: str) -> Answer:
    """Do what is asked.

    Args:
        deps: Queues, ledger, rules.
        request: With `action`: the name of an action.
        request_id: Of this invocation.

    Raises:
        RequestError: The request is not valid; nothing was done.
        LedgerError: The ledger cannot be read.
        QueueError: The dead-letter queue cannot be read. What was done is in the ledger.
    """
    action = find_action(request)
    return action.run(deps, action.parse(request, request_id))


def find_action(request: Request) -> Action[Any]:
    """The action that a request names; raises RequestError."""
    for action in ACTIONS:
        if action.name == request.get("action"):
            return action
    raise RequestError(f"action: must be one of {', '.join(action.name for action in ACTIONS)}")


def _parse_scan(request: Request, _request_id: str) -> None:
    reject_unknown_fields(request, {"action", "by"})


SCAN = Action("scan", _parse_scan, lambda deps, _: scan(deps), scan_result)


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Which letters to replay, and how; a dry run only counts them."""

    selection: Selection
    options: ReplayOptions
    is_dry_run: bool


def parse_replay(request: Request, request_id: str) -> ReplayRequest:
    """Read a replay.

    Raises:
        RequestError: It is not valid, or asks for one person's correction of several letters.
    """
    reject_unknown_fields(request, _SELECTION | {"dryRun", "edit", "again"})
    selection = read_selection(request)
    edit = read_edit(request["edit"]) if request.get("edit") is not None else None
    is_dry_run, again = _flag(request, "dryRun"), _flag(request, "again")
    if (edit or again) and len(selection.ids) != 1:
        raise RequestError("edit and again are for a single letter: give messageIds with one id")
    options = ReplayOptions(read_actor(request, request_id), edit, again)
    return ReplayRequest(selection, options, is_dry_run)


def _run_replay(deps: TriageDeps, asked: ReplayRequest) -> Answer:
    if asked.is_dry_run:
        return dry_run(deps, asked.selection)
    return replay(deps, asked.selection, asked.options)


def _fill_in_replay(request: Request, form: Form) -> dict[str, Any]:
    # The button of the correction sends this in place of the edit, which is in the form.
    if request.get("edit") != "form":
        return {}
    roles = [role.strip() for role in str(form.get("roles", "")).split(",") if role.strip()]
    return {"edit": {"email": str(form.get("email", "")), "roles": roles}}


REPLAY = Action("replay", parse_replay, _run_replay, letters_result, _fill_in_replay)


@dataclass(frozen=True, slots=True)
class DiscardRequest:
    """Which letters to discard, why, and who asks."""

    selection: Selection
    why: str
    actor: Actor


def parse_discard(request: Request, request_id: str) -> DiscardRequest:
    """Read a discard; addresses in the reason are masked; raises RequestError."""
    reject_unknown_fields(request, _SELECTION | {"why"})
    why = request.get("why")
    if not isinstance(why, str) or not why.strip():
        raise RequestError("why: must say why the letters are discarded")
    actor = read_actor(request, request_id)
    return DiscardRequest(read_selection(request), redact(why), actor)


DISCARD = Action(
    "discard",
    parse_discard,
    lambda deps, asked: discard(deps, asked.selection, asked.why, asked.actor),
    letters_result,
    lambda _, form: {"why": str(form.get("why", ""))},
)

ACTIONS: tuple[Action[Any], ...] = (SCAN, REPLAY, DISCARD)


def read_actor(request: Request, request_id: str) -> Actor:
    """Who acts, by the name that the request gives; raises RequestError."""
    name = request.get("by") or ""
    if not isinstance(name, str) or len(name) > MAX_NAME_LENGTH:
        raise RequestError(f"by: must be a name of at most {MAX_NAME_LENGTH} characters")
    return Actor("".join(filter(str.isprintable, name)).strip(), request_id)


def _flag(request: Request, name: str) -> bool:
    value = request.get(name, False)
    if not isinstance(value, bool):
        raise RequestError(f"{name}: must be true or false")
    return value
