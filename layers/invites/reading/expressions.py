"""JMESPath expressions, compiled once, with the few functions that it lacks.

Beyond the functions of the specification (https://jmespath.org/specification.html):

- `from_json(text)`: the value that the text holds as JSON; null if it holds none.
- `find(list, key, value)`: the first object of the list that has this value under this key. A
  filter of JMESPath cannot compare with what stands outside the list.
- `part(text, separator, index)`: one part of a text; null if the text has fewer parts.
"""

from collections.abc import Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.functions import Functions, signature
from jmespath.visitor import TreeInterpreter

from invites.errors import Code, RejectedError
from invites.reading.strict_json import parse

# How many nodes an expression may evaluate in one event, which takes some 20 ms. Each value that it
# looks through takes a few nodes, so that a person in 5,000 groups is read, and 1 MiB of `{},{},{}`
# is refused at once.
MAX_STEPS = 20_000


class ExpressionError(Exception):
    """An expression cannot be compiled; the message says why."""


class _Functions(Functions):
    @signature({"types": ["string", "null"]})
    def _func_from_json(self, text: str | None) -> Any:  # noqa: ANN401 - JSON of any kind
        try:
            return None if text is None else parse(text, "text")
        except RejectedError:
            return None  # the field is then missing, and the outcome says so

    @signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": []})
    def _func_find(self, items: list[Any] | None, key: str, value: object) -> Any:  # noqa: ANN401
        if value is None:
            return None
        objects = (item for item in items or () if isinstance(item, dict))
        return next((item for item in objects if item.get(key) == value), None)

    @signature({"types": ["string", "null"]}, {"types": ["string"]}, {"types": ["number"]})
    def _func_part(self, text: str | None, separator: str, index: float) -> str | None:
        parts = text.split(separator) if text and separator else []
        return parts[int(index)] if 0 <= index < len(parts) else None


_OPTIONS = jmespath.Options(custom_functions=_Functions())


class _TooManyStepsError(Exception):
    """The evaluation was given up, since it would take too long."""


class _Interpreter(TreeInterpreter):
    """JMESPath's own interpreter, with a limit of steps. Each evaluation has its own."""

    def __init__(self) -> None:
        super().__init__(_OPTIONS)
        self._left = MAX_STEPS

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as JMESPath's
        self._left -= 1
        if self._left < 0:
            raise _TooManyStepsError
        return super().visit(node, *args, **kwargs)


class Expression:
    """An expression over an event.

    Args:
        text: In JMESPath.

    Raises:
        ExpressionError: The text is not JMESPath, or calls an unknown function, or calls a
            function with too few or too many arguments. JMESPath itself would notice such a call
            with the first event only.
    """

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._compiled = jmespath.compile(text)
        except JMESPathError as error:
            reason = str(error).splitlines()[0]
            raise ExpressionError(f"is no JMESPath expression: {reason}") from error
        _check_functions(self._compiled.parsed)

    def find(self, document: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON of any kind
        """What it finds in the document; None if nothing, or if a function gets a wrong type.

        Raises:
            RejectedError: `malformed_body`, for an event made to be slow to look through.
        """
        try:
            return _Interpreter().visit(self._compiled.parsed, document)
        except JMESPathTypeError:
            return None
        except _TooManyStepsError as error:
            problem = "would have to look through too many values"
            raise RejectedError(Code.MALFORMED_BODY, self.text, problem) from error

    @property
    def root(self) -> str | None:
        """The key that the document must have for a plain path to find anything."""
        node = self._compiled.parsed
        while node["type"] in {"subexpression", "index_expression"}:
            node = node["children"][0]
        return str(node["value"]) if node["type"] == "field" else None

    @property
    def plain_path(self) -> str | None:
        """The expression, if it is only a key, or keys joined by dots."""
        node = self._compiled.parsed
        nodes = node["children"] if node["type"] == "subexpression" else [node]
        if any(key["type"] != "field" for key in nodes):
            return None
        return ".".join(str(key["value"]) for key in nodes)


def _check_functions(node: Mapping[str, Any]) -> None:
    if node["type"] == "function_expression":
        known = _Functions.FUNCTION_TABLE.get(node["value"])
        if known is None:
            raise ExpressionError(f"calls {node['value']}(), which there is not")
        expected, given = known["signature"], len(node["children"])
        is_variadic = bool(expected and expected[-1].get("variadic"))
        if given < len(expected) or (given > len(expected) and not is_variadic):
            raise ExpressionError(f"calls {node['value']}() with {given} arguments")
    for child in node["children"]:
        _check_functions(child)
