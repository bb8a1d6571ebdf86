"""invites.explain: the dry run, as a command that prints JSON."""

import io
import json
from pathlib import Path

import pytest

from invites.explain import (
    DEFAULT_ROLES,
    MAX_EXPLAINED,
    MAX_EXPLAINED_BYTES,
    explain,
    main,
)
from support.build import READER, cloud_event, signup
from template.reading import Template


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was printed."""
    return capsys.readouterr().out.splitlines()


def test_json_prints_an_object_a_line_with_the_payload(
    invited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json each message is an object in a line, with the payload that would be sent."""
    assert main(["--json", str(invited)]) == 0
    (line,) = lines(capsys)
    assert json.loads(line) == {
        "file": str(invited),
        "outcome": "invite",
        "source": "canonical",
        "type": "uk.spacemedia.signup.created",
        "eventId": "evt-1",
        "tenant": "/test",
        "invites": [{"email": "person1@example.test", "roles": ["Artist"]}],
        "rule": "default",
        "reason": None,
        "detail": "",
        "envelopes": ["sns"],
        "nearest": None,
        "parts": [],
        "moreParts": 0,
    }


def test_expectations_beside_samples_are_left_out(
    invited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file is told, and does not crash."""
    beside = invited.with_name("signup.expected.json")
    beside.write_text("{}", encoding="utf-8")
    empty = invited.with_name("empty.txt")
    empty.write_text("", encoding="utf-8")
    assert main(["--json", str(invited), str(beside), str(empty)]) == 0
    found = [json.loads(line) for line in lines(capsys)]
    assert [
        (Path(explanation["file"]).name, explanation["outcome"], explanation["reason"])
        for explanation in found
    ] == [
        ("signup.json", "invite", None),
        ("empty.txt", "reject", "malformed_body"),
    ]


def test_a_dash_reads_the_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dash reads it."""
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(signup())))
    assert main(["-", "--default-roles", "Guest, Editor", "--json"]) == 0
    (line,) = lines(capsys)
    assert json.loads(line)["invites"][0]["roles"] == ["Guest", "Editor"]


def test_default_role_that_nobody_may_have_is_refused(
    invited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The function would not start with it."""
    with pytest.raises(SystemExit, match="2"):
        main([str(invited), "--default-roles", "Ádmin"])
    assert "--default-roles: holds Admin, which only a rule can give" in capsys.readouterr().err


def test_long_list_is_counted_whole_and_explained_in_part() -> None:
    """Outcome and invites are of the events that are explained."""
    found = explain(json.dumps([*[{}] * MAX_EXPLAINED, signup()]), READER)
    assert found["detail"] == f"{MAX_EXPLAINED + 1} events, each a message of its own"
    assert (len(found["parts"]), found["moreParts"]) == (MAX_EXPLAINED, 1)
    assert (found["outcome"], found["invites"]) == ("reject", [])


def test_first_event_is_explained_however_long_it_is() -> None:
    """Of long ones no more than one may be waited for."""
    long = {"email": "ada@example.test", "name": "x" * MAX_EXPLAINED_BYTES}
    found = explain(json.dumps([long, long]), READER)
    assert ([part["outcome"] for part in found["parts"]], found["moreParts"]) == (["invite"], 1)


def test_missing_file_is_named_and_nothing_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, and nothing is explained."""
    assert main([str(tmp_path / "missing.json")]) == 2
    printed = capsys.readouterr()
    assert "missing.json" in printed.err
    assert printed.out == ""


def test_many_events_are_an_invite_if_one_is_else_a_reject_if_one_is() -> None:
    """One invited makes the message an invite; else one rejected a reject; else it is ignored."""
    updated = cloud_event({}, "uk.spacemedia.signup.updated")

    def outcome(*events: object) -> str:
        return str(explain(json.dumps(events), READER)["outcome"])

    assert outcome(updated, {"a": 1}, signup()) == "invite"
    assert outcome(updated, {"a": 1}) == "reject"
    assert outcome(updated, updated) == "ignore"


def test_default_roles_are_those_of_the_template() -> None:
    """They are the template's."""
    assert Template().parameters["DefaultRoles"]["Default"] == DEFAULT_ROLES
