"""A mistake, and how it is put into the code: in a process of its own, before it is imported."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[3]


class StaleMutantError(Exception):
    """The code has changed: the text that a mutant replaces is not there, or not only once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake.

    Attributes:
        name: What is wrong, in words.
        path: The file, from the project's root.
        old: What is replaced; it is there once.
        new: What by.
        needs: A kind of fault without which it could not matter; empty if any history will do.
        found_by: The seed of a history that has found this mistake when the code had it.
    """

    name: str
    path: str
    old: str
    new: str
    needs: str = ""
    found_by: int | None = None

    def apply(self, source: str) -> str:
        """The file with the mistake.

        Raises:
            StaleMutantError: It does not fit any more.
        """
        if source.count(self.old) != 1:
            raise StaleMutantError(f"{self.name}: {self.path} has {self.old!r} not exactly once")
        return source.replace(self.old, self.new)

    @property
    def module(self) -> str:
        """The name by which the file is imported: functions/ and layers/ are import roots."""
        return ".".join(Path(self.path).with_suffix("").parts[1:])


class _Loader(SourceFileLoader):
    """Loads one module with the mistake in it, never from or into a cache of bytecode."""

    def __init__(self, mutant: Mutant, path: str) -> None:
        super().__init__(mutant.module, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> object:  # type: ignore[override]  # typeshed: CodeType
        """Compile the changed source."""
        del fullname
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(self._mutant.apply(source), self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if fullname == self._mutant.module and spec and spec.origin:
            spec.loader = _Loader(self._mutant, spec.origin)
            return spec
        return None


def infect(mutant: Mutant) -> None:
    """Have this process import the code with the mistake.

    Raises:
        StaleMutantError: It does not fit, or the module is imported already.
    """
    mutant.apply((ROOT / mutant.path).read_text(encoding="utf-8"))
    if mutant.module in sys.modules:
        raise StaleMutantError(f"{mutant.module} is imported already")
    sys.meta_path.insert(0, _Finder(mutant))
