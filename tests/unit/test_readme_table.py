"""The table "What becomes of a signup" in README.md, held against the code."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from invites.api.response import BY_STATUS
from invites.batch import HOLD_SECONDS
from invites.errors import Code
from invites.outcome import Outcome, Reply, Verdict
from invites.retry import INITIAL_BACKOFF, MAX_BACKOFF, MAX_BAD_REQUESTS
from invites.sending.circuit import INITIAL_PAUSE, MAX_PAUSE
from invites.sending.circuit_breaker import CircuitBreaker
from invites.sending.dispatcher import MAX_THROTTLED_CALLS
from support.breaker_outcomes import person
from support.outcome_causes import CAUSES, TAKEN_BODY, USER_BODY, answered

README = Path(__file__).parents[2] / "README.md"
NOW = 1_772_443_000.0
# Some statuses of each group that the table names.
GROUPS = {"2xx": (200, 201), "3xx": (301, 302, 308), "4xx": (410, 418), "5xx": (500, 502, 504)}
BODIES = {Verdict.INVITED: USER_BODY, Verdict.ALREADY_INVITED: TAKEN_BODY}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what happens, the verdict, and the codes."""

    happens: str
    verdicts: tuple[Verdict, ...]
    codes: tuple[Code | None, ...]

    def outcomes(self) -> list[tuple[Verdict, Code | None]]:
        """Verdict and code of each outcome of the row."""
        return [(self.verdicts[0], code) for code in self.codes]

    def statuses(self) -> list[int]:
        """The statuses that the row names, one by one or as a group."""
        words = re.findall(r"\b[1-5](?:\d\d|xx)\b", self.happens)
        return [status for word in words for status in GROUPS.get(word) or (int(word),)]


def section() -> str:
    """The section that the table is in."""
    after = README.read_text(encoding="utf-8").partition("## What becomes of a signup")[2]
    return after.partition("\n## ")[0]


def table() -> list[Row]:
    """The rows of the table."""
    lines = section().splitlines()
    cells = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    assert [cell.strip() for cell in cells[0]] == ["what happens", "verdict", "code"]
    return [_row(*row) for row in cells[2:]]


def _row(happens: str, verdict: str, code: str) -> Row:
    verdicts = tuple(Verdict(word) for word in re.findall(r"`(\w+)`", verdict))
    codes = tuple(Code(word) for word in re.findall(r"`(\w+)`", code))
    return Row(happens, verdicts, codes or (None,))


# Without its line breaks.
SECTION = " ".join(section().split())
ROWS = table()
STATUSES = [
    (status, row.verdicts[0], code)
    for row in ROWS
    for code in row.codes
    for status in row.statuses()
]


def test_every_outcome_has_one_row_and_every_row_an_outcome() -> None:
    assert {key for row in ROWS for key in row.outcomes()} == CAUSES.keys()
    assert all(len(row.verdicts) == 1 for row in ROWS)
    assert len({row.happens for row in ROWS}) == len(ROWS)


def test_every_code_and_every_verdict_has_a_cause() -> None:
    assert {code for _, code in CAUSES} == {*Code, None}
    assert {verdict for verdict, _ in CAUSES} == set(Verdict)


@pytest.mark.parametrize("key", CAUSES, ids=lambda key: f"{key[0]}-{key[1]}")
def test_each_outcome_comes_about_as_its_row_says(key: tuple[Verdict, Code | None]) -> None:
    for cause in CAUSES[key]:
        outcome = cause()
        assert (outcome.verdict, outcome.code) == key


@pytest.mark.parametrize(("status", "verdict", "code"), STATUSES)
def test_each_status_of_the_table_is_classified_as_its_row_says(
    status: int, verdict: Verdict, code: Code | None
) -> None:
    outcome = answered(status, BODIES.get(verdict))()
    assert (outcome.verdict, outcome.code, outcome.reply.status) == (verdict, code, status)


def test_every_status_that_the_code_names_is_in_the_table() -> None:
    named = {status for status, _, _ in STATUSES}
    # Of these the body decides, or the status is like others.
    assert named >= {*BY_STATUS, 400, 422, *GROUPS["5xx"]}


def test_the_section_says_which_failures_become_a_pause_and_how_many() -> None:
    all_pause = {code: pauses_after(code, "everybody") for code in Code}
    failures = dict.fromkeys([Code.SERVER_ERROR, Code.THROTTLED, Code.INTERRUPTED], 5)
    assert {code: number for code, number in all_pause.items() if number} == failures
    source_pauses = {code: pauses_after(code, "source") for code in Code}
    refusals = {Code.SERVER_ERROR: 5, Code.NOT_PERMITTED: 2, Code.REFUSED_BY_API: 5}
    assert {code: number for code, number in source_pauses.items() if number} == refusals
    assert pauses_after(Code.NOT_PERMITTED, "everybody", 402) == 2
    assert "Five failures of the API in a row pause everybody" in SECTION
    assert "five people of one source alone who meet a 5xx pause that source" in SECTION
    happens = {code: row.happens for row in ROWS for code in row.codes}
    assert "a second person refused so, with no success between" in happens[Code.NOT_PERMITTED]
    assert "five people of one source" in happens[Code.MASS_STOP]


def pauses_after(code: Code, whom: str, status: int = 403) -> int | None:
    """How many people with this outcome it takes to pause everybody, or their one source."""
    breaker, outcome = CircuitBreaker(), Outcome(Verdict.RETRY, code, reply=Reply(status))
    for number in range(1, 20):
        job = person(number, None if whom == "everybody" else "/hr")
        breaker.record([job], [outcome], NOW)
        if breaker.open_reason(NOW) if whom == "everybody" else breaker.open_reason_for(job, NOW):
            return number
    return None


def test_the_section_says_how_often_bad_requests_and_throttled_calls_are_repeated() -> None:
    words = {3: "three", 12: "twelfth"}
    assert f"at the {words[MAX_BAD_REQUESTS]} it is a stop" in SECTION
    assert f"{words[MAX_THROTTLED_CALLS]} times in a receive" in SECTION


def test_the_section_says_how_long_waits_and_pauses_are() -> None:
    assert f"hidden for {INITIAL_BACKOFF:.0f} s, then twice as long each time" in SECTION
    assert f"up to {MAX_BACKOFF / 3600:.0f} h" in SECTION
    assert f"calls nobody for {INITIAL_PAUSE:.0f} s, then twice as long each time" in SECTION
    assert f"up to {MAX_PAUSE / 60:.0f} minutes" in SECTION
    assert f"held for up to {HOLD_SECONDS:.0f} s" in SECTION
