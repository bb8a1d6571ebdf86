"""The files of rules, checked: against their JSON Schemas, and by the function's own loader.

    python -m support.rule_files

An editor checks a file against the schema that its first line names. This does the same for all
files, so that the schemas cannot say something else than the files. The loader then finds what no
schema can, such as an expression that does not compile.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from invites.reading.reader import SOURCES, load_reader
from invites.rules.roles import ROLES_FILE
from invites.toml_reader import FileError, Table

SOURCE_SCHEMA = SOURCES / "source.schema.json"
ROLES_SCHEMA = ROLES_FILE.with_name("roles.schema.json")
FILES = {**dict.fromkeys(sorted(SOURCES.glob("*.toml")), SOURCE_SCHEMA), ROLES_FILE: ROLES_SCHEMA}


def problems(path: Path, schema: Path) -> list[str]:
    """What a schema finds wrong with a file, each as `okta.toml: forms[1].fields.x is not known`.

    Raises:
        FileError: The file is not TOML.
    """
    validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    errors = validator.iter_errors(Table.read(path).values)
    return sorted({f"{path.name}: {text}" for error in errors for text in _described(error)})


def _described(error: ValidationError) -> list[str]:
    place = list(error.absolute_path)
    table: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            unknown = table.keys() - schema["properties"].keys()
            return [f"{_key([*place, key])} is not known" for key in unknown]
        case "required":
            missing = [key for key in schema["required"] if key not in table]
            return [f"{_key([*place, key])} is missing" for key in missing]
    return [f"{_key(place)}: {error.message}"]


def _key(place: Sequence[Any]) -> str:
    """A place in a file as its loader writes it: `forms[1].fields.x`."""
    keys = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return "".join(keys).removeprefix(".") or "the file"


def main(files: Mapping[Path, Path] = FILES) -> int:
    """The command; 1 if a file is wrong, which is named with the key at fault."""
    try:
        found = [text for path, schema in files.items() for text in problems(path, schema)]
        load_reader(("Artist",))
    except FileError as error:
        found = [str(error)]
    sys.stderr.writelines(f"{text}\n" for text in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
