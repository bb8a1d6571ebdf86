"""The files of rules: each names its JSON Schema for an editor, and is of it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from support.rule_files import FILES, ROLES_SCHEMA, SOURCE_SCHEMA, main, problems


@pytest.mark.parametrize("schema", [SOURCE_SCHEMA, ROLES_SCHEMA], ids=lambda path: path.name)
def test_schema_is_valid(schema: Path) -> None:
    """It is checked by the draft that it names."""
    Draft202012Validator.check_schema(json.loads(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("path", "schema"), FILES.items(), ids=lambda path: path.name)
def test_file_names_its_schema_in_the_first_line_and_is_of_it(path: Path, schema: Path) -> None:
    """Editors that know TOML (Taplo, Even Better TOML) look for the schema there."""
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert first == f"#:schema ./{schema.relative_to(path.parent)}"
    assert problems(path, schema) == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            'title = "x"\ndocs = "y"\nform = []',
            "made_up.toml: form is not known\nmade_up.toml: forms is missing\n",
        ),
        ("title", "made_up.toml: is not TOML: Expected '='"),
    ],
)
def test_a_wrong_file_fails_the_check_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, printed: str
) -> None:
    """Neither `make check` nor `make build` goes on with it."""
    path = tmp_path / "made_up.toml"
    path.write_text(text, encoding="utf-8")
    assert main({path: SOURCE_SCHEMA}) == 1
    assert capsys.readouterr().err.startswith(printed)


def test_our_files_pass_the_check_silently(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert capsys.readouterr().err == ""
