"""dead_letters.advice, and the runbook in docs/how-to/dead-letters.md."""

import re
from pathlib import Path

import pytest

from dead_letters.advice import advice, summary
from dead_letters.letter import CAUSE_UNKNOWN
from invites.outcome import Verdict
from support.outcome_causes import CAUSES
from support.triage_ledger import row

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "dead-letters.md"
RUNBOOK = HOW_TO.read_text(encoding="utf-8").partition("## The reasons")[2].partition("\n## ")[0]
ROWS = {
    cells[1].strip(" `"): cells[4].strip()
    for line in RUNBOOK.splitlines()
    if re.match(r"\| `\w+` \|", line) and (cells := line.split("|"))
}
STOPS = {str(code) for verdict, code in CAUSES if verdict is Verdict.STOP}


def test_every_reason_of_a_dead_letter_is_in_the_runbook() -> None:
    """And nothing else is."""
    assert ROWS.keys() == STOPS | {CAUSE_UNKNOWN}


@pytest.mark.parametrize("code", ROWS)
def test_the_console_says_what_the_runbook_says(code: str) -> None:
    """Whether a replay helps; and it has a meaning and something to do of its own."""
    assert advice(code).replay_helps == ROWS[code]
    assert advice(code) != advice("server_error")
    assert advice(code).meaning.endswith(".")
    assert advice(code).todo.endswith(".")


def test_a_letter_that_was_to_be_tried_again() -> None:
    """Its last reason is not one that stops: there is advice all the same."""
    assert advice("server_error").is_worth_replaying
    assert not advice("missing_email").is_worth_replaying


def test_a_summary() -> None:
    """One line: which event, whose, and what is wrong."""
    known = row("letter-1")
    assert summary(known) == f"Event evt-1 of /test. {advice(known.code).meaning}"
