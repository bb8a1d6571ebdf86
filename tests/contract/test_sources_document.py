"""docs/reference/sources.md has every system, and its example is one that loads."""

import re
from pathlib import Path

import pytest

from invites.reading.source_file import load_source
from invites.signup import CANONICAL
from invites.toml_reader import FileError
from support.build import READER
from support.rule_files import SOURCE_SCHEMA, problems

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)


def test_table_has_each_system_with_its_samples_and_no_other() -> None:
    """The table counts our own event as a system."""
    row = r"^\| `(\w+)` \|.*\[(\w+)\]\(\.\./\.\./events/(\w+)\) \|$"
    rows = re.findall(row, DOCUMENT, re.MULTILINE)
    assert {row[0] for row in rows} == {*READER.registry.systems, CANONICAL}
    assert all(len(set(row)) == 1 for row in rows)


def test_example_loads_and_has_every_key_that_there_is(tmp_path: Path) -> None:
    """An unknown key is named."""
    path = tmp_path / "example.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    webhook, batch = load_source(path)
    assert (len(webhook.matches), len(webhook.rules), batch.each) == (3, 3, ("people",))
    given = {name for name in webhook.fields.__slots__ if getattr(webhook.fields, name)}
    assert given == set(webhook.fields.__slots__)
    assert problems(path, SOURCE_SCHEMA) == []
    path.write_text(EXAMPLE.replace("verified =", "checked ="), encoding="utf-8")
    with pytest.raises(FileError, match=r"forms\[0\].fields.checked is not known"):
        load_source(path)
