"""Reading a source's file: TOML, checked so that what loads will work with the first event."""

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
TEXTS = tuple(one.name for one in fields(Fields) if one.name not in LISTS)

# What comes from these the person has typed in, or the page that signed them up.
WRITTEN_BY_USERS = (
    "custom:", "clientMetadata", "unsafe_metadata", "untrusted_metadata", "user_metadata",
)  # fmt: skip


# Fields in which systems have what a person is called. What is made of them may not be logged.
NAMES_OF_PEOPLE = frozenset({
    "username", "user_name", "userprincipalname", "displayname", "email", "login", "alternateid",
})  # fmt: skip
LOGGED = ("event_id", "tenant")


def check_shape(form: EventShape, table: Table) -> None:
    """Check a form as a whole.

    A signup can be read, no user's word is a fact, and no name is logged.

    Raises:
        FileError: Naming the key at fault.
    """
    signs_up = any(ruling.kind is EventKind.SIGNUP for _, ruling in form.rules)
    if signs_up and not (form.fields.email or form.fields.login):
        raise table.error("fields.email", "is missing, though a type is a signup")
    if signs_up and form.fields.event_id is None:
        raise table.error("fields.event_id", "is missing, though a type is a signup")
    for key in (*LISTS, *TEXTS):
        if key in form.self_asserted or key in {"email", "login", "name"}:
            continue
        found = getattr(form.fields, key)
        if isinstance(found, Expression) and any(word in found.text for word in WRITTEN_BY_USERS):
            raise table.error(f"fields.{key}", "is written by users: name it in user_written")
    _check_what_is_logged(form, table)
    if unknown := form.self_asserted - {*LISTS, *TEXTS}:
        raise table.error("user_written", f"names no field: {min(unknown)}")


def _check_what_is_logged(form: EventShape, table: Table) -> None:
    for key in LOGGED:
        found = getattr(form.fields, key)
        if found and NAMES_OF_PEOPLE & set(re.findall(r"\w+", found.text.lower())):
            raise table.error(f"fields.{key}", "is logged, and may be what a person is called")


# Vendors share names of events and of fields: one mark alone is none.
MIN_MATCHES = 2


def load_sources(folder: Path) -> tuple[EventShape, ...]:
    """Load all source files of a folder.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    return tuple(form for path in sorted(folder.glob("*.toml")) for form in load_source(path))


def load_source(path: Path) -> list[EventShape]:
    """Load one source file; raises FileError."""
    table = Table.read(path)
    table.texts("docs", least=1)
    table.text("title")
    forms: dict[str, Mapping[str, Any]] = {}
    for one in table.tables("forms", least=1):
        name = one.text("name")
        if name in forms:
            raise one.error("name", "is that of another form")
        forms[name] = _inherit(one, forms)
    table.end()
    return [
        _shape(path.stem, Table(path, f"forms[{index}]", values))
        for index, values in enumerate(forms.values())
    ]


def _inherit(table: Table, forms: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The form's own keys over those of the one that it is `like`."""
    other = table.text("like", default="")
    if other and other not in forms:
        raise table.error("like", "names no form above it")
    own = {key: value for key, value in table.values.items() if key != "like"}
    inherited = forms.get(other, {})
    fields = {**inherited.get("fields", {}), **own.get("fields", {})}
    return {**inherited, **own, **({"fields": fields} if fields else {})}


def _shape(system: str, table: Table) -> EventShape:
    form = EventShape(
        system=system,
        name=table.text("name"),
        matches=_matches(table.table("marks")),
        type=_expression(table, "type"),
        rules=tuple(_rules(table.table("types"))),
        each=tuple(filter(None, table.text("each", default="").split("."))),
        exceptions=tuple(_exception(one) for one in table.tables("exceptions")),
        fields=_fields(table.table("fields", default={})),
        self_asserted=frozenset(table.texts("user_written")),
        refuses_unverified=table.choice("unverified", {"invite": False, "refuse": True}),
    )
    check_shape(form, table)
    table.end()
    return form


def _matches(table: Table) -> tuple[Match, ...]:
    marks = tuple(_match(table, key) for key in table.values)
    signs = [mark for mark in marks if not mark.is_absence]
    if len(signs) < MIN_MATCHES:
        raise table.error("", f"are fewer than {MIN_MATCHES}")
    if not any(mark.expression.root for mark in signs):
        raise table.error("", "have no plain path among them, by which to find the form")
    return marks


def _match(table: Table, key: str) -> Match:
    expression, value = _compile(table, key, key), table.values[key]
    if isinstance(value, bool):
        return Match(expression, is_absence=not value)
    return Match(expression, table.texts(key, least=1))


def _rules(table: Table) -> list[tuple[str, Rule]]:
    rulings = [(pattern, _rule(table, pattern)) for pattern in table.values]
    if not rulings:
        raise table.error("", "are missing")
    return rulings


def _exception(table: Table) -> tuple[Expression, Rule]:
    ruling = _rule(table, "then")
    if ruling.kind is EventKind.SIGNUP:
        raise table.error("then", "is no exception: ignore or lookup")
    found = _expression(table, "when"), ruling
    table.end()
    return found


def _rule(table: Table, key: str) -> Rule:
    kind, _, why = table.text(key).partition(":")
    if kind not in set(EventKind) or (kind == EventKind.SIGNUP) == bool(why.strip()):
        raise table.error(key, 'is none of "signup", "ignore: WHY" and "lookup: WHY"')
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
