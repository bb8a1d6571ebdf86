"""Checks that JSON from outside has the declared types, so that a typo in a test is an error."""

from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin


class ShapeError(ValueError):
    """The value does not have the declared shape."""


def check_fields(given: object, hints: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` as a dict, or say which of its fields is unknown or of a wrong type.

    Raises:
        ShapeError: `given` is no object, or a field does not fit its hint.
    """
    if not isinstance(given, dict):
        raise ShapeError("expected a JSON object")
    for name, value in given.items():
        if name not in hints:
            raise ShapeError(f"unknown field {name!r}; known: {', '.join(sorted(hints))}")
        if not _fits(value, hints[name]):
            raise ShapeError(f"field {name!r} cannot be {value!r}")
    return given


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401  # a type hint has no type of its own
    check = _BY_ORIGIN.get(get_origin(hint) or hint)
    # `type(...) is` and not isinstance: True must not pass for the number 1.
    return check(value, get_args(hint)) if check else type(value) is hint


def _fits_list(value: object, args: tuple[Any, ...]) -> bool:
    return isinstance(value, list) and all(_fits(item, args[0]) for item in value)


def _fits_dict(value: object, args: tuple[Any, ...]) -> bool:
    return isinstance(value, dict) and all(_fits(item, args[1]) for item in value.values())


def _fits_union(value: object, args: tuple[Any, ...]) -> bool:
    return any(_fits(value, arg) for arg in args)


_BY_ORIGIN: dict[Any, Callable[[object, tuple[Any, ...]], bool]] = {
    Union: _fits_union,
    UnionType: _fits_union,
    Literal: lambda value, args: any(type(value) is type(a) and value == a for a in args),
    list: _fits_list,
    dict: _fits_dict,
    object: lambda _value, _args: True,
    NoneType: lambda value, _args: value is None,
    # JSON does not tell 1 from 1.0.
    float: lambda value, _args: type(value) in (int, float),
}
