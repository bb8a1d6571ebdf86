"""docs/reference/outputs-and-logs.md lists what there is."""

import re
import tomllib

import pytest

from template.reading import ROOT, Template

DOCUMENT = (ROOT / "docs" / "reference" / "outputs-and-logs.md").read_text(encoding="utf-8")
OUTPUTS, FIELDS = DOCUMENT.split("## Fields of the log")
VALUES = ROOT / "tests" / "contract" / "wire" / "values.toml"
LOGS = tomllib.loads(VALUES.read_text(encoding="utf-8"))["log"]


def first_cells(table: str) -> list[tuple[list[str], str]]:
    """The names in the first cell of each row, and the second cell."""
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`(\w+)`", names), second) for names, second in rows]


def test_outputs_are_all_listed(template: Template) -> None:
    listed = [name for names, _ in first_cells(OUTPUTS) for name in names]
    assert sorted(listed) == sorted(template.outputs)


@pytest.mark.parametrize("function", ["send_invites", "rotate_token"])
def test_log_fields_are_all_listed(function: str) -> None:
    listed = {
        name
        for names, writers in first_cells(FIELDS)
        for name in names
        if function in writers or writers.strip() == "all"
    }
    assert sorted(listed) == sorted(LOGS[function]["fields"])
