"""Triage of many letters: scanned, replayed, and cut off in the middle of it."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from support.letters import put_letters
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import ACT, Triage, bad_event
from support.waiting import wait_until

MANY = 1_000


def test_a_scan_finds_what_the_ledger_does_not_know(
    triage: Triage, stack: Stack, source: str
) -> None:
    """Letters without a reason are listed as such, and all are visible afterwards."""
    ids = put_letters(stack, [bad_event(source) for _ in range(25)])
    before = triage.view(action="list")
    assert before["withoutReason"] >= 25
    assert not before["complete"]
    answers = triage.act_until_done(action="scan")
    assert sum(answer["new"] for answer in answers) == 25
    after = triage.view(action="list", where={"code": "cause_unknown"})
    assert {*ids} <= {letter["messageId"] for letter in after["deadLetters"]}
    assert (after["withoutReason"], after["complete"]) == (0, True)
    assert all(letter["IsVisible"] for letter in triage.letters())


def test_a_replay_that_is_cut_off_and_called_again_invites_everybody_once(
    triage: Triage, api: StandIn, stack: Stack
) -> None:
    """Cut off when some letters are sent and others are not: no letter is lost or doubled."""
    people = [f"replayed-{n}@example.test" for n in range(MANY)]
    put_letters(stack, [json.dumps({"email": email}) for email in people])
    triage.act_until_done(action="scan")
    where = {"code": "cause_unknown"}
    with ThreadPoolExecutor(1) as threads:
        replay = threads.submit(triage.act, action="replay", where=where)
        wait_until(lambda: _sent(stack), "the first letter to be sent")
        stack.renew_environments(ACT)
        assert isinstance(replay.exception(), RuntimeError)
    assert 0 < _sent(stack) < MANY
    triage.act_until_done(action="replay", where=where)
    triage.act_until_done(action="scan")
    assert triage.letters() == []
    wait_until(lambda: set(people) <= api.users().keys(), "everybody to be invited", 120)
    bodies = [request.body for request in api.requests()]
    calls = Counter(body["email"] for body in bodies if isinstance(body, dict))
    assert {calls[email] for email in people} == {1}


def _sent(stack: Stack) -> int:
    """How many letters are on their way again, as the ledger has it."""
    return sum(row.get("state") == "sent" for row in stack.reasons().values())
