"""dead_letters.advice, held against the reasons in docs/how-to/dead-letters.md."""

import re
from pathlib import Path

import pytest

from dead_letters.advice import advice, summary
from dead_letters.letter import CAUSE_UNKNOWN
from invites.outcome import Verdict
from support.dead_letters import record
from support.outcome_causes import CAUSES

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "dead-letters.md"
RUNBOOK = HOW_TO.read_text(encoding="utf-8").partition("## The reasons")[2].partition("\n## ")[0]
REPLAY_HELPS = {
    cells[1].strip(" `"): cells[4].strip()
    for line in RUNBOOK.splitlines()
    if re.match(r"\| `\w+` \|", line) and (cells := line.split("|"))
}
STOPS = {str(code) for verdict, code in CAUSES if verdict is Verdict.STOP}


def test_the_runbook_has_every_reason_of_a_dead_letter_and_no_other() -> None:
    assert REPLAY_HELPS.keys() == STOPS | {CAUSE_UNKNOWN}


@pytest.mark.parametrize("code", REPLAY_HELPS)
def test_every_reason_has_advice_of_its_own_that_agrees_with_the_runbook(code: str) -> None:
    assert advice(code).replay_helps == REPLAY_HELPS[code]
    assert advice(code) != advice("server_error")
    assert advice(code).meaning.endswith(".")
    assert advice(code).todo.endswith(".")


def test_a_replay_helps_where_the_letter_itself_is_right() -> None:
    """A reason of a retry, here server_error, has the advice for all other reasons."""
    assert advice("server_error").is_worth_replaying
    assert not advice("missing_email").is_worth_replaying


def test_a_summary_says_which_event_whose_and_what_is_wrong() -> None:
    known = record("letter-1")
    assert summary(known) == f"Event evt-1 of /test. {advice(known.code).meaning}"
