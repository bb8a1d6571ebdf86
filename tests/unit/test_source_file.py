"""invites.reading.source_file: what loads works, what is wrong is told by file and key."""

from pathlib import Path

import pytest

from invites.reading.event_shape import EventKind
from invites.reading.reader import SOURCES
from invites.reading.source_file import load_source, load_sources
from invites.toml_reader import FileError

GOOD = """
title = "Example"
docs = ["https://example.test/docs"]

[[forms]]
name = "event"
type = "kind"
user_written = ["groups"]
[forms.marks]
kind = true
vendor = "example"
[forms.types]
"person.created" = "signup"
"*" = "ignore: nobody is created"
[[forms.exceptions]]
when = "failed"
then = "lookup: it is in the vendor's own log"
[forms.fields]
email = ["person.mail", "person.other"]
event_id = "id"
groups = '"custom:groups"'
"""


def source(folder: Path, text: str) -> Path:
    """A source's file."""
    path = folder / "example.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_ours() -> None:
    """All that come with the code load, and each has what a signup needs."""
    forms = load_sources(SOURCES)
    assert {form.system for form in forms} == {path.stem for path in SOURCES.glob("*.toml")}
    names = [(form.system, form.name) for form in forms]
    assert len(set(names)) == len(names)


def test_a_form(tmp_path: Path) -> None:
    """Each key has its place."""
    (form,) = load_source(source(tmp_path, GOOD))
    assert (form.system, form.name, form.type.text) == ("example", "event", "kind")
    assert [(one.expression.text, one.patterns) for one in form.matches] == [
        ("kind", ()),
        ("vendor", ("example",)),
    ]
    assert [(one, ruling.kind) for one, ruling in form.rules] == [
        ("person.created", EventKind.SIGNUP),
        ("*", EventKind.IGNORE),
    ]
    assert form.exceptions[0][1].why == "it is in the vendor's own log"
    assert [one.text for one in form.fields.email] == ["person.mail", "person.other"]
    assert (form.self_asserted, form.refuses_unverified) == (frozenset({"groups"}), False)


def test_a_form_like_another(tmp_path: Path) -> None:
    """It has what the other has, field by field, and its own over that."""
    more = """
    [[forms]]
    name = "list"
    like = "event"
    each = "people.items"
    unverified = "refuse"
    [forms.marks]
    people = true
    vendor = "example"
    [forms.fields]
    tenant = "parent.org"
    """
    event, many = load_source(source(tmp_path, GOOD + more))
    assert (many.each, many.refuses_unverified) == (("people", "items"), True)
    assert (many.rules, event.each) == (event.rules, ())
    assert many.fields.tenant
    assert many.fields.tenant.text == "parent.org"
    assert [one.text for one in many.fields.email] == ["person.mail", "person.other"]


def test_a_mark_of_absence(tmp_path: Path) -> None:
    """What must not be there tells two forms apart."""
    text = GOOD.replace("kind = true\n", "kind = true\npeople = false\n")
    (form,) = load_source(source(tmp_path, text))
    absence = form.matches[1]
    assert [mark.is_absence for mark in form.matches] == [False, True, False]
    assert absence.holds({})
    assert not absence.holds({"people": []})


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title =", "titel =", "title is missing"),
        ("docs = [", "docs = [7, ", "docs is not a list of texts"),
        ('docs = ["https://example.test/docs"]', "docs = []", "docs is empty"),
        ('type = "kind"', "", r"forms\[0\].type is missing"),
        ('type = "kind"', 'type = "kind["', r"forms\[0\].type is no JMESPath"),
        ('type = "kind"', 'type = "kind"\ntpye = "x"', r"forms\[0\].tpye is not known"),
        ('type = "kind"', 'type = "kind"\nlike = "x"', r"forms\[0\].like names no form above"),
        (
            'type = "kind"',
            'type = "kind"\nunverified = "no"',
            r"unverified is not one of invite, ref",
        ),
        ('vendor = "example"', "", r"forms\[0\].marks are fewer than 2"),
        ('vendor = "example"', "vendor = false", r"forms\[0\].marks are fewer than 2"),
        ('vendor = "example"', "vendor = 7", r"forms\[0\].marks.vendor is not a list of texts"),
        ('"signup"', '"sign up"', r'forms\[0\].types.person.created is not one of "signup"'),
        ('"signup"', '"signup: yes"', r"forms\[0\].types.person.created is not one of"),
        ('"ignore: nobody is created"', '"ignore"', r"forms\[0\].types.\* is not one of"),
        ('"lookup: it', '"perhaps: it', r"forms\[0\].exceptions\[0\].then is not one of"),
        ('then = "lookup: it is in the vendor\'s own log"', 'then = "signup"', "is no exception"),
        ('email = ["person.mail", "person.other"]', "", r"forms\[0\].fields.email is missing"),
        ('email = ["person.mail", ', 'email = ["lower(a)", ', "fields.email calls lower"),
        ('event_id = "id"', "", r"forms\[0\].fields.event_id is missing"),
        ('event_id = "id"', 'event_id = "id"\nmail = "x"', r"forms\[0\].fields.mail is not known"),
        (
            'event_id = "id"',
            'event_id = "id || userName"',
            r"fields.event_id is logged, and may be",
        ),
        ('event_id = "id"', 'event_id = "id"\ntenant = "a.email"', r"fields.tenant is logged, and"),
        ('user_written = ["groups"]', "", r"forms\[0\].fields.groups is written by users"),
        ('["groups"]', '["groups", "group"]', "user_written names no field: group"),
        ("[[forms]]", "[forms]", "forms is not an array of tables"),
        ("[[forms]]", "[[forms", "is no TOML"),
    ],
)
def test_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """File and key are named; a slip of the pen is never a rule less."""
    assert old in GOOD
    path = source(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileError, match=f"^example.toml: .*{problem}"):
        load_source(path)


def test_marks_without_a_plain_path(tmp_path: Path) -> None:
    """A form that no key leads to would have to be tried on every event."""
    text = GOOD.replace("kind = true\nvendor =", "'keys(a)' = true\n'length(b)' =")
    with pytest.raises(FileError, match="have no plain path among them"):
        load_source(source(tmp_path, text))


def test_two_forms_of_one_name(tmp_path: Path) -> None:
    """One of them would never be told apart from the other."""
    form = GOOD[GOOD.index("[[forms]]") :]
    with pytest.raises(FileError, match="name is that of another form"):
        load_source(source(tmp_path, GOOD + form))


def test_no_folder_and_no_text(tmp_path: Path) -> None:
    """An empty folder has no sources; a file that is no text is named."""
    assert load_sources(tmp_path) == ()
    (tmp_path / "example.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FileError, match=r"^example.toml: the file is no TOML|^example.toml: is no"):
        load_sources(tmp_path)
