"""The call sites: where the function calls AWS or the API, read from its code.

So a call that somebody adds is cut as well, or the count says that it was not.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath
from types import CodeType

FUNCTIONS = Path(__file__).parents[3] / "functions"
# Each by the name of its folder.
SENDING, TRIAGE, ROTATING = EDGES = "send_invites", "triage_dead_letters", "rotate_token"
ROOTS = tuple(str(FUNCTIONS / name) for name in EDGES)
# How the adapters name what they call.
_CLIENTS = {"_client", "client"}
_API = "_api"


@cache
def name_of(code: CodeType) -> str:
    """`module.Class.function` of running code, also if it is in a lambda in there."""
    return f"{PurePath(code.co_filename).stem}.{code.co_qualname.partition('.<locals>')[0]}"


@cache
def call_sites(function: str) -> tuple[str, ...]:
    """All that make a call out of the process, of the edge of a Lambda function."""
    paths = sorted((FUNCTIONS / function).glob("*.py"))
    return tuple(sorted({site for path in paths for site in _sites(path)}))


def _sites(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, function in _functions(tree, path.stem):
        if any(_calls_out(node) for node in ast.walk(function)):
            yield name


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}.{child.name}")
        if isinstance(child, ast.FunctionDef):
            yield f"{prefix}.{child.name}", child


def _calls_out(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in _CLIENTS or name == _API
    return False
