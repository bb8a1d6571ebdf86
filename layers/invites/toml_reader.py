"""Reading a TOML file so that every mistake is named by file and key.

The JSON Schemas beside the files let an editor find most mistakes sooner. These checks are what
runs in Lambda, where no schema library is, and a file that half works must not start.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

_Chosen = TypeVar("_Chosen")
_REQUIRED: Any = object()


class FileError(Exception):
    """A file of rules is wrong; the message names the file and the key."""


class Table:
    """A table of a TOML file, which remembers the keys that were read.

    Args:
        path: The file.
        where: The table's own key in the file; empty for the whole file.
        values: The table's keys and values.
    """

    def __init__(self, path: Path, where: str, values: Mapping[str, Any]) -> None:
        self.values = values
        self._path = path
        self._where = where
        self._asked: set[str] = set()

    @classmethod
    def read(cls, path: Path) -> "Table":
        """Read a file; raises FileError if it is not TOML."""
        try:
            return cls(path, "", tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FileError(f"{path.name}: is not TOML: {error}") from error

    def error(self, key: str, problem: str) -> FileError:
        """An error that names a key, as `okta.toml: forms[0].type is missing`."""
        return FileError(f"{self._path.name}: {self._name(key) or 'the file'} {problem}")

    def end(self) -> None:
        """Refuse keys that were not read: a misspelt key would be a rule that nobody applies."""
        if unknown := self.values.keys() - self._asked:
            raise self.error(min(unknown), "is not known")

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """A text; an empty one only if that is the default."""
        value = self._get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is _REQUIRED):
            raise self.error(key, "is not a text, or empty")
        return value

    def texts(self, key: str, min_items: int = 0) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self._get(key, [] if min_items == 0 else _REQUIRED)
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(
            isinstance(item, str) and item.strip() for item in items
        ):
            raise self.error(key, "is not a list of texts")
        if len(items) < min_items:
            raise self.error(key, "is empty")
        return tuple(items)

    def choice(self, key: str, choices: Mapping[str, _Chosen]) -> _Chosen:
        """The choice that the text names; the first choice if the key is missing."""
        text = self.text(key, default=next(iter(choices)))
        if text not in choices:
            raise self.error(key, f"is not one of {', '.join(choices)}")
        return choices[text]

    def flag(self, key: str) -> bool:
        """True or false; false if the key is missing."""
        value = self._get(key, default=False)
        if not isinstance(value, bool):
            raise self.error(key, "is neither true nor false")
        return value

    def table(self, key: str, default: Mapping[str, Any] = _REQUIRED) -> "Table":
        """A table in this one."""
        value = self._get(key, default)
        if not isinstance(value, Mapping):
            raise self.error(key, "is not a table")
        return Table(self._path, self._name(key), value)

    def tables(self, key: str, min_items: int = 0) -> list["Table"]:
        """An array of tables."""
        value = self._get(key, [] if min_items == 0 else _REQUIRED)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "is not an array of tables")
        return list(self._numbered(key, value))

    def _numbered(self, key: str, values: list[dict[str, Any]]) -> Iterator["Table"]:
        for index, item in enumerate(values):
            yield Table(self._path, self._name(f"{key}[{index}]"), item)

    def _get(self, key: str, default: Any = _REQUIRED) -> Any:  # noqa: ANN401 - a value of TOML
        self._asked.add(key)
        value = self.values.get(key, default)
        if value is _REQUIRED:
            raise self.error(key, "is missing")
        return value

    def _name(self, key: str) -> str:
        return ".".join(filter(None, (self._where, key)))
