"""The command `explain`: explanations as a table for people, and as JSON."""

import json
from pathlib import Path

import pytest

from explain.__main__ import main
from explain.table import table
from invites.explain import MAX_EXPLAINED, explain
from invites.explain import main as plain_dry_run
from support.build import READER, cloud_event, signup


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was printed."""
    return capsys.readouterr().out.splitlines()


def test_the_table_has_a_row_a_message_and_its_envelopes_under_it(
    invited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people: a row a message, its envelopes under it."""
    assert main([str(invited)]) == 0
    head, row, envelope = lines(capsys)
    assert head.split() == ["file", "outcome", "source", "what"]
    assert row.endswith(
        "invite   canonical uk.spacemedia.signup.created  person1@example.test as Artist (default)"
    )
    assert envelope.strip() == "in sns"


def test_hostile_text_in_the_table_is_made_visible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an event holds cannot move the cursor, turn the writing round, or be missed."""
    path = tmp_path / "event.json"
    event = cloud_event({}, "uk.spacemedia.signup.\x1b[2J\u202e\ufe0f\u3164updated")
    path.write_text(json.dumps(event), "utf-8")
    assert main([str(path)]) == 0
    assert "signup.<U+001B>[2J<U+202E><U+FE0F><U+3164>updated" in lines(capsys)[1]


def test_the_table_says_how_many_events_of_a_long_list_it_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how many events it leaves out."""
    path = tmp_path / "list.json"
    path.write_text(json.dumps([signup(number) for number in range(1000)]), "utf-8")
    assert main([str(path)]) == 0
    _, *rows = lines(capsys)
    assert len(rows) == MAX_EXPLAINED + 1
    assert rows[-1].strip() == f"and {1000 - MAX_EXPLAINED} more events"


def test_a_column_is_not_as_wide_as_a_hostile_text() -> None:
    """Each row of the table would be filled up to it."""
    other = {"file": "a", **explain(json.dumps(cloud_event({}, kind="x" * 1_000_000)), READER)}
    rows = list(table([other, *[{"file": "b", **explain("{}", READER)}] * 100]))
    assert sum(map(len, rows)) < 50_000


def test_json_is_that_of_the_plain_dry_run(
    invited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json and without, `python -m invites.explain` prints the same."""
    assert main(["--json", str(invited)]) == 0
    printed = lines(capsys)
    assert json.loads(printed[0])["outcome"] == "invite"
    for arguments in ([str(invited)], ["--json", str(invited)]):
        assert plain_dry_run(arguments) == 0
        assert lines(capsys) == printed


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is printed as if it were explained."""
    assert main([str(tmp_path / "missing.json")]) == 2
    printed = capsys.readouterr()
    assert "missing.json" in printed.err
    assert printed.out == ""
