"""Changes to a JSON document: to one of its values, or without a change of meaning."""

from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - any JSON
    """Every value that holds no other, with the keys that lead to it."""
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list) and node:
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path, node


def replaced(node: Any, path: Path, value: object) -> Any:  # noqa: ANN401 - any JSON
    """The document with another value at a place."""
    if not path:
        return value
    first, *rest = path
    copied = list(node) if isinstance(node, list) else dict(node)
    copied[first] = replaced(node[first], tuple(rest), value)  # type: ignore[index] # as the node is
    return copied


def with_field(node: Any, key: str, value: object) -> Any:  # noqa: ANN401 - any JSON
    """The document with one more field in its outermost object, or in each of its list's."""
    if isinstance(node, list):
        return [with_field(item, key, value) for item in node]
    return {**node, key: value} if isinstance(node, dict) else node


def in_other_order(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """The document with the fields of each object the other way round."""
    if isinstance(node, dict):
        return {key: in_other_order(value) for key, value in reversed(node.items())}
    return [in_other_order(item) for item in node] if isinstance(node, list) else node
