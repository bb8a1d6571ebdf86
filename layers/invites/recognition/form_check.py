"""What no single key of a source's file can be wrong about."""

import re
from dataclasses import fields

from invites.recognition.expressions import Expression
from invites.recognition.form import Fields, Form, Kind
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


def check_form(form: Form, table: Table) -> None:
    """Check a form as a whole.

    A signup can be read, no user's word is a fact, and no name is logged.

    Raises:
        FileError: Naming the key at fault.
    """
    signs_up = any(ruling.kind is Kind.SIGNUP for _, ruling in form.rulings)
    if signs_up and not (form.fields.email or form.fields.login):
        raise table.error("fields.email", "is missing, though a type is a signup")
    if signs_up and form.fields.event_id is None:
        raise table.error("fields.event_id", "is missing, though a type is a signup")
    for key in (*LISTS, *TEXTS):
        if key in form.user_written or key in {"email", "login", "name"}:
            continue
        found = getattr(form.fields, key)
        if isinstance(found, Expression) and any(word in found.text for word in WRITTEN_BY_USERS):
            raise table.error(f"fields.{key}", "is written by users: name it in user_written")
    _check_what_is_logged(form, table)
    if unknown := form.user_written - {*LISTS, *TEXTS}:
        raise table.error("user_written", f"names no field: {min(unknown)}")


def _check_what_is_logged(form: Form, table: Table) -> None:
    for key in LOGGED:
        found = getattr(form.fields, key)
        if found and NAMES_OF_PEOPLE & set(re.findall(r"\w+", found.text.lower())):
            raise table.error(f"fields.{key}", "is logged, and may be what a person is called")
