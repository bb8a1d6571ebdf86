"""The call sites: where the function calls AWS or the API, read from its code.

So a function is ended at a call that somebody adds as well, or the proof's count says that it was
not.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath
from types import CodeType

ROOT = Path(__file__).parents[4]
FUNCTIONS, LAYERS = ROOT / "functions", ROOT / "layers"
# What the functions share of AWS.
ADAPTERS = "aws_adapters"
# Each by the name of its folder.
SENDING, TRIAGE, ROTATING = EDGES = "send_invites", "triage_dead_letters", "rotate_token"
ROOTS = (*(str(FUNCTIONS / name) for name in EDGES), str(LAYERS / ADAPTERS))
# How the adapters name what they call.
_CLIENTS = {"_client", "client"}
_API = "_api"


@cache
def name_of(code: CodeType) -> str:
    """`module.Class.function` of running code, also if it is in a lambda in there."""
    return f"{PurePath(code.co_filename).stem}.{code.co_qualname.partition('.<locals>')[0]}"


@cache
def call_sites(function: str) -> tuple[str, ...]:
    """All that make a call out of the process: of a Lambda function, and of its adapters."""
    paths = _with_adapters(set((FUNCTIONS / function).rglob("*.py")))
    return tuple(sorted({site for path in paths for site in _sites(path)}))


def _with_adapters(paths: set[Path]) -> set[Path]:
    """The modules, and those of the adapters that they import, directly or not."""
    imported = {LAYERS / name for path in paths for name in _imported(path)}
    return paths if imported <= paths else _with_adapters(paths | imported)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{ADAPTERS}."):
            yield f"{str(node.module).replace('.', '/')}.py"


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
