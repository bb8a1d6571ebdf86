"""pyproject.toml declares what the deployed code imports, and nothing else."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from template.reading import ROOT

FOLDERS = [ROOT / "functions", ROOT / "layers"]
FIRST_PARTY = {package.name for folder in FOLDERS for package in folder.iterdir()}
# They come with the Lambda runtime.
OF_RUNTIME = {"boto3", "botocore"}


def modules(tree: ast.AST) -> Iterator[str]:
    """The packages that a module imports when it runs: not those for the type checker alone."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                pass
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(name)):
                yield name.partition(".")[0]
            case _:
                yield from modules(node)


def imported() -> set[str]:
    """The distributions that functions/ and layers/ import from, besides those of the runtime."""
    files = [file for folder in FOLDERS for file in folder.rglob("*.py")]
    found = {name for file in files for name in modules(ast.parse(file.read_text("utf-8")))}
    installed = packages_distributions()
    others = found - FIRST_PARTY - OF_RUNTIME - sys.stdlib_module_names
    return {
        canonicalize_name(distribution)
        for name in others
        for distribution in installed.get(name, [name])
    }


def declared() -> set[str]:
    """The dependencies of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        canonicalize_name(Requirement(requirement).name) for requirement in project["dependencies"]
    }


def test_what_is_imported_is_declared() -> None:
    """A library that comes only with another one is gone with that one's next version."""
    assert imported() == declared()


def test_imports_for_the_type_checker_are_not_counted() -> None:
    """They are not imported in Lambda."""
    code = (
        "if TYPE_CHECKING:\n    import one\ndef f():\n    from two.three import four\nimport five"
    )
    assert set(modules(ast.parse(code))) == {"two", "five"}
