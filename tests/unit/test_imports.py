"""Imports go one way: functions → aws_adapters → dead_letters → invites, and never in a circle.

Imports for type checkers and within functions count as well: they are read by people, too.
"""

import ast
from collections.abc import Iterator, Mapping, Set
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Imports = Mapping[str, Set[str]]
# A package imports those behind it. What is not named here is a function or a command: the first.
LAYERS = ("aws_adapters", "dead_letters", "invites")
# Of DynamoDB's client; `query` is also a word of others, and is found by its key condition.
TABLE_OPERATIONS = {
    "get_item", "put_item", "update_item", "delete_item", "batch_get_item", "batch_write_item",
    "transact_write_items", "execute_statement", "batch_execute_statement", "scan",
}  # fmt: skip
TABLE_KEYS = ("message#", "person#", "pk")


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Each module's name and content."""
    for folder in ("functions", "layers", "commands"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT / folder).with_suffix("").parts)
            yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


SOURCES = dict(sources())


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of ours that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # What is imported from a package may be a module, or something in its __init__.
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in SOURCES else node.module for name in submodules]
        else:
            continue
        yield from (name for name in names if name in SOURCES)


IMPORTS: Imports = {name: set(imported(tree)) for name, tree in SOURCES.items()}


def layer(module: str) -> int:
    """The place of a module's package: 0 for functions and commands."""
    package = module.partition(".")[0]
    return LAYERS.index(package) + 1 if package in LAYERS else 0


def upward(imports: Imports) -> list[str]:
    """Imports from a layer into one before it, and from one function into another."""
    return [
        f"{module} imports {other}"
        for module, others in imports.items()
        for other in sorted(others)
        if module.partition(".")[0] != other.partition(".")[0] and layer(module) >= layer(other)
    ]


def circle(imports: Imports) -> list[str]:
    """A circle, if there is one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def by_chapter(imports: Imports) -> dict[str, set[str]]:
    """Imports between chapters of `invites` (its folders) and its other files, each its own."""
    chapters: dict[str, set[str]] = {}
    for module, others in imports.items():
        if module.startswith("invites."):
            chapter = _chapter(module)
            found = {_chapter(other) for other in others if other.startswith("invites.")}
            chapters.setdefault(chapter, set()).update(found - {chapter})
    return chapters


def _chapter(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_modules_are_found() -> None:
    """Otherwise the other tests could not fail."""
    assert "invites.errors" in IMPORTS["aws_adapters.ledger.claims"]
    assert {layer(module) for module in IMPORTS} == {0, 1, 2, 3}


def test_no_import_goes_upward() -> None:
    assert upward(IMPORTS) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(IMPORTS) == []


def test_no_chapters_of_the_domain_import_each_other_in_a_circle() -> None:
    assert circle(by_chapter(IMPORTS)) == []


@pytest.mark.parametrize(
    ("module", "other"),
    [
        ("invites.signup", "dead_letters.letter"),
        ("invites.signup", "aws_adapters.errors"),
        ("dead_letters.letter", "aws_adapters.errors"),
        ("aws_adapters.errors", "send_invites.sqs"),
        ("rotate_token.rotation", "send_invites.sqs"),
    ],
)
def test_import_upward_is_found(module: str, other: str) -> None:
    assert upward({**IMPORTS, module: {other}}) == [f"{module} imports {other}"]


def test_circle_is_found() -> None:
    assert circle({**IMPORTS, "invites.errors": {"invites.outcome"}})
    assert circle(by_chapter({**IMPORTS, "invites.api.deadline": {"invites.sending.claim"}}))


def known_of_the_table(tree: ast.AST) -> list[str]:
    """Operations of DynamoDB that a module calls, and keys of the table that it has in a text."""
    operations = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    conditions = {
        node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg
    } & {"KeyConditionExpression", "ConditionExpression", "UpdateExpression"}
    keys = {text for text in texts if text.startswith(TABLE_KEYS[:2]) or text == TABLE_KEYS[2]}
    return sorted((operations & TABLE_OPERATIONS) | conditions | keys)


def test_only_the_ledger_package_knows_the_table() -> None:
    known = {name: known_of_the_table(tree) for name, tree in SOURCES.items()}
    outside = {name: found for name, found in known.items() if found}
    inside = {name: outside.pop(name) for name in list(outside) if ".ledger" in name}
    assert outside == {}
    assert "put_item" in inside["aws_adapters.ledger.claims"]
    assert "person#" in inside["aws_adapters.ledger.rows"]


@pytest.mark.parametrize(
    "code",
    ["client.put_item(Item={})", 'key = {"pk": {"S": name}}', 'f"person#{name}"'],
)
def test_knowledge_of_the_table_is_found(code: str) -> None:
    assert known_of_the_table(ast.parse(code))
