"""triage_dead_letters.actions: which requests are refused, and what the others ask for."""

from typing import Any

import pytest

from dead_letters.correction import Edit
from dead_letters.ports import Actor
from dead_letters.selection import RequestError
from support.dead_letters import letter, make_triage
from triage_dead_letters.actions import (
    ACTIONS,
    MAX_NAME_LENGTH,
    act,
    parse_discard,
    parse_replay,
    read_actor,
)

ONE = {"action": "replay", "messageIds": ["a"]}


def test_every_action_does_what_its_name_says() -> None:
    """By the request's field `action`."""
    triage = make_triage([letter(1), letter(2)])
    first, second = {"messageIds": ["letter-1"]}, {"messageIds": ["letter-2"]}
    assert act(triage.deps, {"action": "scan"}, "request-1")["seen"] == 2
    assert act(triage.deps, {"action": "replay", **first}, "request-1")["replayed"] == 1
    discarded = act(triage.deps, {"action": "discard", **second, "why": "old"}, "request-1")
    assert discarded["discarded"] == 1
    assert len({action.name for action in ACTIONS}) == 3


@pytest.mark.parametrize(
    "request_", [{}, {"action": "delete"}, {"action": ["scan"]}, {"action": "scan", "where": {}}]
)
def test_a_request_without_a_known_action_does_nothing(request_: dict[str, Any]) -> None:
    triage = make_triage([letter(1)])
    with pytest.raises(RequestError):
        act(triage.deps, request_, "request-1")
    assert triage.queue.receives == 0


def test_a_dry_run_of_a_replay_receives_nothing() -> None:
    triage = make_triage([letter(1)])
    answer = act(triage.deps, {"action": "replay", "where": {}, "dryRun": True}, "request-1")
    assert (answer["wouldReplay"], triage.queue.receives) == (1, 0)


def test_a_replay_of_one_letter_can_correct_it() -> None:
    edit = {"email": "a@b.test", "roles": [" Artist "]}
    asked = parse_replay({**ONE, "edit": edit, "by": "Ada"}, "request-1")
    assert asked.options.edit == Edit("a@b.test", ("Artist",))
    assert asked.options.actor == Actor("Ada", "request-1")
    assert (list(asked.selection.ids), asked.is_dry_run) == (["a"], False)
    assert not asked.options.again


@pytest.mark.parametrize(
    "request_",
    [
        {"action": "replay"},
        {**ONE, "where": {}},
        {**ONE, "dry_run": True},
        {**ONE, "dryRun": "true"},
        {"messageIds": ["a", "b"], "again": True},
        {"where": {}, "edit": {"email": "a@b.test"}},
        {**ONE, "edit": {}},
    ],
)
def test_a_replay_with_a_slip_is_refused(request_: dict[str, Any]) -> None:
    """It must not do more than was meant."""
    with pytest.raises(RequestError):
        parse_replay(request_, "request-1")


def test_a_discard_says_why_without_an_address() -> None:
    """The ledger keeps the reason."""
    asked = {"action": "discard", "where": {}, "why": "left: ada@example.test"}
    assert parse_discard(asked, "request-1").why == "left: ***"
    with pytest.raises(RequestError, match=r"^why: "):
        parse_discard({**asked, "why": " "}, "request-1")


def test_an_actor_is_a_name_on_one_line_or_none() -> None:
    assert read_actor({"by": " Ada\n"}, "request-1") == Actor("Ada", "request-1")
    assert read_actor({}, "request-1").by == ""
    for name in (5, "x" * (MAX_NAME_LENGTH + 1)):
        with pytest.raises(RequestError, match=r"^by: "):
            read_actor({"by": name}, "request-1")
