"""DynamoDB's expressions, as far as the ledger uses them; another one is an error, not a guess.

Amazon DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions" and
"Update expressions".
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

Item = dict[str, Any]

# An item and the request's values, to what the expression says of them.
Value = Callable[[Item, Mapping[str, Any]], Any]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[<>=(),+]|:\w+|[\w#]+)")


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def _plain(value: Mapping[str, Any] | None) -> object:
    """An attribute value that can be compared; None for an attribute that is not there."""
    if value is None:
        return None
    ((kind, content),) = value.items()
    return Decimal(content) if kind == "N" else content


def _holds(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:  # noqa: ANN401
    """A comparison with what is not there is false; but it is unlike everything."""
    if left is None or right is None:
        return compare is _COMPARE["<>"]
    return compare(_plain(left), _plain(right))


def _total(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """The sum of two numbers."""
    return {"N": str(Decimal(left["N"]) + Decimal(right["N"]))}


class _Parser:
    """Reads an expression from left to right."""

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        self._tokens = _TOKEN.findall(text)
        self._names = names

    def _take(self, wanted: str = "") -> str:
        token: str = self._tokens.pop(0)
        if wanted and token != wanted:
            raise ValueError(f"{wanted} expected, not {token}")
        return token

    def _next_is(self, *tokens: str) -> bool:
        return bool(self._tokens) and self._tokens[0] in tokens

    def either(self) -> Value:
        """One of several; AND binds closer."""
        parts = [self._all()]
        while self._next_is("OR"):
            self._take()
            parts.append(self._all())
        return lambda item, values: any(part(item, values) for part in parts)

    def _all(self) -> Value:
        parts = [self._one()]
        while self._next_is("AND"):
            self._take()
            parts.append(self._one())
        return lambda item, values: all(part(item, values) for part in parts)

    def _one(self) -> Value:
        if self._next_is("("):
            self._take()
            inner = self.either()
            self._take(")")
            return inner
        if self._next_is("NOT"):
            self._take()
            refused = self._one()
            return lambda item, values: not refused(item, values)
        if self._next_is("attribute_not_exists"):
            name = self._argument()
            return lambda item, _: name not in item
        left = self.operand()
        if self._next_is("BETWEEN"):
            return self._between(left)
        if self._next_is("IN"):
            return self._among(left)
        compare, right = _COMPARE[self._take()], self.operand()
        return lambda item, values: _holds(compare, left(item, values), right(item, values))

    def _among(self, operand: Value) -> Value:
        self._take("IN")
        others: list[Value] = []
        while self._next_is("(", ","):
            self._take()
            others.append(self.operand())
        self._take(")")
        return lambda item, values: any(
            _holds(_COMPARE["="], operand(item, values), other(item, values)) for other in others
        )

    def _between(self, operand: Value) -> Value:
        self._take("BETWEEN")
        low = self.operand()
        self._take("AND")
        high = self.operand()
        return lambda item, values: (
            _holds(_COMPARE["<="], low(item, values), operand(item, values))
            and _holds(_COMPARE["<="], operand(item, values), high(item, values))
        )

    def operand(self) -> Value:
        """A value of the request, an attribute of the item or its default, or a sum of two."""
        left = self._term()
        if not self._next_is("+"):
            return left
        self._take()
        right = self._term()
        return lambda item, values: _total(left(item, values), right(item, values))

    def _term(self) -> Value:
        if self._next_is("if_not_exists"):
            name, other = self._argument(","), self.operand()
            self._take(")")
            return lambda item, values: item.get(name) or other(item, values)
        token = self._take()
        if token.startswith(":"):
            return lambda _, values: values[token]
        name = self._names.get(token, token)
        return lambda item, _: item.get(name)

    def _argument(self, end: str = ")") -> str:
        self._take()
        self._take("(")
        token = self._take()
        self._take(end)
        return self._names.get(token, token)

    def changes(self) -> dict[str, Value]:
        """What SET sets, by name, and what REMOVE removes, which gives None."""
        changes: dict[str, Value] = {}
        for verb, read in (("SET", self._assigned), ("REMOVE", _nothing)):
            while self._next_is(verb, ","):
                self._take()
                token = self._take()
                changes[self._names.get(token, token)] = read()
        if self._tokens:
            raise ValueError(f"no change that is known: {self._tokens[0]}")
        return changes

    def _assigned(self) -> Value:
        self._take("=")
        return self.operand()


def _nothing() -> Value:
    return lambda *_: None


@cache
def condition(text: str, names: tuple[tuple[str, str], ...]) -> Value:
    """Read a condition."""
    return _Parser(text, dict(names)).either()


@cache
def update(text: str, names: tuple[tuple[str, str], ...]) -> dict[str, Value]:
    """Read an update expression: by name what an attribute becomes, None for nothing."""
    return _Parser(text, dict(names)).changes()
