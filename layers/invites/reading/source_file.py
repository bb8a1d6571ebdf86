"""Reading a source's file: TOML, checked so that what loads works from the first event on.

The keys of a file are the format's: `forms` are shapes, `marks` are matches, `types` are rules.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from invites.reading.event_shape import EventKind, EventShape, Fields, Match, Rule
from invites.reading.expressions import Expression, ExpressionError
from invites.toml_reader import Table

# The fields that may be several expressions, and those that are one.
LISTS = ("email", "login")
TEXTS = tuple(field.name for field in fields(Fields) if field.name not in LISTS)

# Vendors share names of events and of fields: a single match is no proof.
MIN_MATCHES = 2

# The person, or the page that signed them up, has filled in what is under these keys.
WRITTEN_BY_USERS = (
    "custom:", "clientMetadata", "unsafe_metadata", "untrusted_metadata", "user_metadata",
)  # fmt: skip

# Fields in which systems hold what a person is called. A value made of them may not be logged.
PERSON_NAME_FIELDS = frozenset({
    "username", "user_name", "userprincipalname", "displayname", "email", "login", "alternateid",
})  # fmt: skip
LOGGED = ("event_id", "tenant")


def load_sources(folder: Path) -> tuple[EventShape, ...]:
    """Load all source files of a folder.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    return tuple(shape for path in sorted(folder.glob("*.toml")) for shape in load_source(path))


def load_source(path: Path) -> list[EventShape]:
    """Load one source file; raises FileError."""
    table = Table.read(path)
    table.texts("docs", min_items=1)
    table.text("title")
    shapes: dict[str, Mapping[str, Any]] = {}
    for shape in table.tables("forms", min_items=1):
        name = shape.text("name")
        if name in shapes:
            raise shape.error("name", "is that of another form")
        shapes[name] = _inherit(shape, shapes)
    table.end()
    return [
        _shape(path.stem, Table(path, f"forms[{index}]", values))
        for index, values in enumerate(shapes.values())
    ]


def _inherit(table: Table, shapes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The shape's own keys over those of the one that it is `like`."""
    other = table.text("like", default="")
    if other and other not in shapes:
        raise table.error("like", "names no form above it")
    own = {key: value for key, value in table.values.items() if key != "like"}
    inherited = shapes.get(other, {})
    fields = {**inherited.get("fields", {}), **own.get("fields", {})}
    return {**inherited, **own, **({"fields": fields} if fields else {})}


def _shape(system: str, table: Table) -> EventShape:
    shape = EventShape(
        system=system,
        name=table.text("name"),
        matches=_matches(table.table("marks")),
        type=_expression(table, "type"),
        rules=tuple(_rules(table.table("types"))),
        each=tuple(filter(None, table.text("each", default="").split("."))),
        exceptions=tuple(_exception(exception) for exception in table.tables("exceptions")),
        fields=_fields(table.table("fields", default={})),
        self_asserted=frozenset(table.texts("user_written")),
        refuses_unverified=table.choice("unverified", {"invite": False, "refuse": True}),
    )
    _check_signup(shape, table)
    _check_self_asserted(shape, table)
    _check_logged(shape, table)
    table.end()
    return shape


def _matches(table: Table) -> tuple[Match, ...]:
    matches = tuple(_match(table, key) for key in table.values)
    signs = [match for match in matches if not match.is_absence]
    if len(signs) < MIN_MATCHES:
        raise table.error("", f"are fewer than {MIN_MATCHES}")
    if not any(match.expression.root for match in signs):
        raise table.error("", "have no plain path among them, by which to find the form")
    return matches


def _match(table: Table, key: str) -> Match:
    expression, value = _compile(table, key, key), table.values[key]
    if isinstance(value, bool):
        return Match(expression, is_absence=not value)
    return Match(expression, table.texts(key, min_items=1))


def _rules(table: Table) -> list[tuple[str, Rule]]:
    rules = [(pattern, _rule(table, pattern)) for pattern in table.values]
    if not rules:
        raise table.error("", "are missing")
    return rules


def _exception(table: Table) -> tuple[Expression, Rule]:
    rule = _rule(table, "then")
    if rule.kind is EventKind.SIGNUP:
        raise table.error("then", "is no exception: ignore or lookup")
    exception = _expression(table, "when"), rule
    table.end()
    return exception


def _rule(table: Table, key: str) -> Rule:
    kind, _, why = table.text(key).partition(":")
    if kind not in set(EventKind) or (kind == EventKind.SIGNUP) == bool(why.strip()):
        raise table.error(key, 'is not one of "signup", "ignore: WHY" and "lookup: WHY"')
    return Rule(EventKind(kind), why.strip())


def _fields(table: Table) -> Fields:
    lists: dict[str, Any] = {
        key: tuple(_compile(table, key, text) for text in table.texts(key)) for key in LISTS
    }
    texts: dict[str, Any] = {key: _expression(table, key) for key in TEXTS if key in table.values}
    table.end()
    return Fields(**lists, **texts)


def _expression(table: Table, key: str) -> Expression:
    return _compile(table, key, table.text(key))


def _compile(table: Table, key: str, text: str) -> Expression:
    try:
        return Expression(text)
    except ExpressionError as error:
        raise table.error(key, str(error)) from error


def _check_signup(shape: EventShape, table: Table) -> None:
    """A signup has an address, and an id by which its dead letter is found."""
    if not any(rule.kind is EventKind.SIGNUP for _, rule in shape.rules):
        return
    if not (shape.fields.email or shape.fields.login):
        raise table.error("fields.email", "is missing, though a type is a signup")
    if shape.fields.event_id is None:
        raise table.error("fields.event_id", "is missing, though a type is a signup")


def _check_self_asserted(shape: EventShape, table: Table) -> None:
    """No fact is taken for the system's word that the person could have written."""
    if unknown := shape.self_asserted - {*LISTS, *TEXTS}:
        raise table.error("user_written", f"names no field: {min(unknown)}")
    for key in TEXTS:
        text = _text(shape.fields, key)
        if key not in shape.self_asserted and any(word in text for word in WRITTEN_BY_USERS):
            raise table.error(f"fields.{key}", "is written by users: name it in user_written")


def _check_logged(shape: EventShape, table: Table) -> None:
    """No name of a person is logged."""
    for key in LOGGED:
        words = re.findall(r"\w+", _text(shape.fields, key).lower())
        if not PERSON_NAME_FIELDS.isdisjoint(words):
            raise table.error(f"fields.{key}", "is logged, and may be what a person is called")


def _text(found: Fields, key: str) -> str:
    """The expression of a field, as text; empty if there is none."""
    expression: Expression | None = getattr(found, key)
    return expression.text if expression else ""
