"""Triage of many letters: scanned, replayed, and death in the middle of it."""

import contextlib
import json
from collections import Counter
from collections.abc import Iterator

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
    assert sum(one["new"] for one in answers) == 25
    after = triage.view(action="list", where={"code": "cause_unknown"})
    assert {*ids} <= {one["messageId"] for one in after["deadLetters"]}
    assert (after["withoutReason"], after["complete"]) == (0, True)
    assert all(one["IsVisible"] for one in triage.letters())


def test_death_in_the_middle_of_a_replay(triage: Triage, api: StandIn, stack: Stack) -> None:
    """Killed on the way, and called again: everybody is invited once, no letter lost or doubled."""
    people = [f"replayed-{n}@example.test" for n in range(MANY)]
    put_letters(stack, [json.dumps({"email": one}) for one in people])
    triage.act_until_done(action="scan")
    where = {"code": "cause_unknown"}
    with _short_lived(stack, seconds=2), contextlib.suppress(RuntimeError):
        triage.act(action="replay", where=where)
    done = sum(row.get("state") == "sent" for row in stack.reasons().values())
    assert 0 < done < MANY
    triage.act_until_done(action="replay", where=where)
    triage.act_until_done(action="scan")
    assert triage.letters() == []
    wait_until(lambda: set(people) <= api.users().keys(), "everybody to be invited", 120)
    calls = Counter(one.body["email"] for one in api.requests() if isinstance(one.body, dict))
    assert {calls[one] for one in people} == {1}


@contextlib.contextmanager
def _short_lived(stack: Stack, seconds: int) -> Iterator[None]:
    """Act, killed after so many seconds."""
    client, name = stack.client("lambda"), stack.outputs[ACT]
    was = client.get_function_configuration(FunctionName=name)["Timeout"]
    client.update_function_configuration(FunctionName=name, Timeout=seconds)
    yield
    client.update_function_configuration(FunctionName=name, Timeout=was)
