"""Reading a source's file: TOML, checked so that what loads will work with the first event."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from invites.recognition.expressions import Expression, ExpressionError
from invites.recognition.form import Fields, Form, Kind, Mark, Ruling
from invites.recognition.form_check import LISTS, TEXTS, check_form
from invites.toml_reader import Table

# Vendors share names of events and of fields: one mark alone is none.
LEAST_MARKS = 2


def load_sources(folder: Path) -> tuple[Form, ...]:
    """Load all source files of a folder.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    return tuple(form for path in sorted(folder.glob("*.toml")) for form in load_source(path))


def load_source(path: Path) -> list[Form]:
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
        _form(path.stem, Table(path, f"forms[{index}]", values))
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


def _form(system: str, table: Table) -> Form:
    form = Form(
        system=system,
        name=table.text("name"),
        marks=_marks(table.table("marks")),
        type=_expression(table, "type"),
        rulings=tuple(_rulings(table.table("types"))),
        each=tuple(filter(None, table.text("each", default="").split("."))),
        exceptions=tuple(_exception(one) for one in table.tables("exceptions")),
        fields=_fields(table.table("fields", default={})),
        user_written=frozenset(table.texts("user_written")),
        refuses_unverified=table.choice("unverified", {"invite": False, "refuse": True}),
    )
    check_form(form, table)
    table.end()
    return form


def _marks(table: Table) -> tuple[Mark, ...]:
    marks = tuple(_mark(table, key) for key in table.values)
    signs = [mark for mark in marks if not mark.is_absence]
    if len(signs) < LEAST_MARKS:
        raise table.error("", f"are fewer than {LEAST_MARKS}")
    if not any(mark.expression.root for mark in signs):
        raise table.error("", "have no plain path among them, by which to find the form")
    return marks


def _mark(table: Table, key: str) -> Mark:
    expression, value = _compile(table, key, key), table.values[key]
    if isinstance(value, bool):
        return Mark(expression, is_absence=not value)
    return Mark(expression, table.texts(key, least=1))


def _rulings(table: Table) -> list[tuple[str, Ruling]]:
    rulings = [(pattern, _ruling(table, pattern)) for pattern in table.values]
    if not rulings:
        raise table.error("", "are missing")
    return rulings


def _exception(table: Table) -> tuple[Expression, Ruling]:
    ruling = _ruling(table, "then")
    if ruling.kind is Kind.SIGNUP:
        raise table.error("then", "is no exception: ignore or lookup")
    found = _expression(table, "when"), ruling
    table.end()
    return found


def _ruling(table: Table, key: str) -> Ruling:
    kind, _, why = table.text(key).partition(":")
    if kind not in set(Kind) or (kind == Kind.SIGNUP) == bool(why.strip()):
        raise table.error(key, 'is none of "signup", "ignore: WHY" and "lookup: WHY"')
    return Ruling(Kind(kind), why.strip())


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
