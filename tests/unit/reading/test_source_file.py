"""invites.reading.source_file: what loads works, and a mistake is named by file and key."""

import json
from pathlib import Path

import pytest

from invites.reading.event_shape import EventKind
from invites.reading.reader import SOURCES
from invites.reading.source_file import LISTS, TEXTS, load_source, load_sources
from invites.toml_reader import FileError
from support.rule_files import SOURCE_SCHEMA, problems

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
LIKE_EVENT = """
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

# Mistakes by which a file is none of the format: replaced text, its replacement, the loader's
# words, and the key that the schema names.
MALFORMED = [
    ("title =", "titel =", "title is missing", "title"),
    ("title =", 'titel = "x"\ntitle =', "titel is not known", "titel"),
    ("docs = [", "docs = [7, ", "docs is not a list of texts", "docs"),
    ('docs = ["https://example.test/docs"]', "docs = []", "docs is empty", "docs"),
    ('title = "Example"', 'title = " "', "title is not a text, or empty", "title"),
    ('type = "kind"', "", r"forms\[0\].type is missing", "forms[0].type"),
    ('type = "kind"', 'type = "kind"\ntpye = "x"', r"forms\[0\].tpye is not", "forms[0].tpye"),
    (
        'type = "kind"',
        'type = "kind"\nunverified = "no"',
        "unverified is not one of invite, refuse",
        "forms[0].unverified",
    ),
    ('vendor = "example"', "", r"forms\[0\].marks are fewer than 2", "forms[0].marks"),
    (
        'vendor = "example"',
        "vendor = 7",
        r"forms\[0\].marks.vendor is not a list of texts",
        "forms[0].marks.vendor",
    ),
    (
        '"signup"',
        '"sign up"',
        r'forms\[0\].types.person.created is not one of "signup"',
        "forms[0].types.person.created",
    ),
    (
        '"signup"',
        '"signup: yes"',
        r"forms\[0\].types.person.created is not one of",
        "forms[0].types.person.created",
    ),
    ('"ignore: nobody is created"', '"ignore"', r"types.\* is not one of", "forms[0].types.*"),
    (
        '"lookup: it',
        '"perhaps: it',
        r"forms\[0\].exceptions\[0\].then is not one of",
        "forms[0].exceptions[0].then",
    ),
    (
        'then = "lookup: it is in the vendor\'s own log"',
        'then = "signup"',
        "is no exception",
        "forms[0].exceptions[0].then",
    ),
    ('when = "failed"', "", r"exceptions\[0\].when is missing", "forms[0].exceptions[0].when"),
    (
        'event_id = "id"',
        'event_id = "id"\nmail = "x"',
        r"forms\[0\].fields.mail is not known",
        "forms[0].fields.mail",
    ),
    (
        '["groups"]',
        '["groups", "group"]',
        "user_written names no field: group",
        "forms[0].user_written",
    ),
    ("[[forms]]", "[forms]", "forms is not an array of tables", "forms"),
]
# Mistakes that only the loader can see.
MEANINGLESS = [
    ('type = "kind"', 'type = "kind["', r"forms\[0\].type is no JMESPath"),
    ('type = "kind"', 'type = "kind"\nlike = "x"', r"forms\[0\].like names no form above"),
    ('vendor = "example"', "vendor = false", r"forms\[0\].marks are fewer than 2"),
    ("kind = true\nvendor =", "'keys(a)' = true\n'length(b)' =", "have no plain path among them"),
    ('email = ["person.mail", "person.other"]', "", r"forms\[0\].fields.email is missing"),
    ('email = ["person.mail", ', 'email = ["lower(a)", ', "fields.email calls lower"),
    ('event_id = "id"', "", r"forms\[0\].fields.event_id is missing"),
    ('event_id = "id"', 'event_id = "id || userName"', "fields.event_id is logged, and may be"),
    ('event_id = "id"', 'event_id = "id"\ntenant = "a.email"', r"fields.tenant is logged, and"),
    ('user_written = ["groups"]', "", r"forms\[0\].fields.groups is written by users"),
]


def source(folder: Path, text: str = GOOD) -> Path:
    """A source's file."""
    path = folder / "example.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_source_loads_and_names_each_shape_once() -> None:
    """The systems are those of the files."""
    shapes = load_sources(SOURCES)
    assert {shape.system for shape in shapes} == {path.stem for path in SOURCES.glob("*.toml")}
    names = [(shape.system, shape.name) for shape in shapes]
    assert len(set(names)) == len(names)


def test_each_key_of_a_file_has_its_place_in_the_shape(tmp_path: Path) -> None:
    """In the order of the file."""
    (shape,) = load_source(source(tmp_path))
    assert (shape.system, shape.name, shape.type.text) == ("example", "event", "kind")
    assert [(match.expression.text, match.patterns) for match in shape.matches] == [
        ("kind", ()),
        ("vendor", ("example",)),
    ]
    assert [(pattern, rule.kind) for pattern, rule in shape.rules] == [
        ("person.created", EventKind.SIGNUP),
        ("*", EventKind.IGNORE),
    ]
    assert shape.exceptions[0][1].why == "it is in the vendor's own log"
    assert [email.text for email in shape.fields.email] == ["person.mail", "person.other"]
    assert (shape.self_asserted, shape.refuses_unverified) == (frozenset({"groups"}), False)


def test_a_shape_like_another_has_its_keys_and_its_own_over_them(tmp_path: Path) -> None:
    """Fields are taken over one by one."""
    event, many = load_source(source(tmp_path, GOOD + LIKE_EVENT))
    assert (many.each, many.refuses_unverified) == (("people", "items"), True)
    assert (many.rules, event.each) == (event.rules, ())
    assert many.fields.tenant
    assert many.fields.tenant.text == "parent.org"
    assert [email.text for email in many.fields.email] == ["person.mail", "person.other"]


def test_a_match_of_absence_holds_where_the_key_is_not(tmp_path: Path) -> None:
    """It tells two shapes of one system apart."""
    text = GOOD.replace("kind = true\n", "kind = true\npeople = false\n")
    (shape,) = load_source(source(tmp_path, text))
    absence = shape.matches[1]
    assert [match.is_absence for match in shape.matches] == [False, True, False]
    assert absence.holds({})
    assert not absence.holds({"people": []})


@pytest.mark.parametrize(("old", "new", "words", "key"), MALFORMED)
def test_loader_and_schema_refuse_what_is_not_of_the_format(
    tmp_path: Path, old: str, new: str, words: str, key: str
) -> None:
    """Both name file and key: an editor shows the mistake before the function would."""
    assert old in GOOD
    path = source(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileError, match=f"^example.toml: .*{words}"):
        load_source(path)
    assert any(found.startswith(f"example.toml: {key}") for found in problems(path, SOURCE_SCHEMA))


@pytest.mark.parametrize(("old", "new", "words"), MEANINGLESS)
def test_loader_refuses_what_only_looks_right(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """No schema can see it; a slip of the pen is never a rule less."""
    assert old in GOOD
    path = source(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileError, match=f"^example.toml: .*{words}"):
        load_source(path)
    assert problems(path, SOURCE_SCHEMA) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ('docs = ["https://example.test/docs"]', 'docs = "https://example.test/docs"'),
        ('["groups"]', '"groups"'),
        ('["person.mail", "person.other"]', '"person.mail"'),
        ('vendor = "example"', 'vendor = ["example", "ex*"]\nx = false'),
    ],
)
def test_loader_and_schema_take_what_is_of_the_format(tmp_path: Path, old: str, new: str) -> None:
    """The schema refuses nothing that the function takes."""
    path = source(tmp_path, GOOD.replace(old, new, 1) + LIKE_EVENT)
    load_source(path)
    assert problems(path, SOURCE_SCHEMA) == []


def test_schema_has_the_fields_of_the_loader() -> None:
    """In both of the places where it lists them."""
    definitions = json.loads(SOURCE_SCHEMA.read_text("utf-8"))["$defs"]
    assert list(definitions["fields"]["properties"]) == [*LISTS, *TEXTS]
    assert definitions["field_name"]["enum"] == [*LISTS, *TEXTS]


def test_two_shapes_of_one_name_are_refused(tmp_path: Path) -> None:
    """One of them would never be told apart from the other."""
    shape = GOOD[GOOD.index("[[forms]]") :]
    with pytest.raises(FileError, match="name is that of another form"):
        load_source(source(tmp_path, GOOD + shape))


def test_an_empty_folder_has_no_sources(tmp_path: Path) -> None:
    """Whether sources are needed is for the caller to say."""
    assert load_sources(tmp_path) == ()


@pytest.mark.parametrize("content", [b"\xff\xfe", GOOD.replace("[[forms]]", "[[forms").encode()])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    """By loader and schema check alike."""
    path = tmp_path / "example.toml"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"^example.toml: is not TOML"):
        load_sources(tmp_path)
    with pytest.raises(FileError, match=r"^example.toml: is not TOML"):
        problems(path, SOURCE_SCHEMA)
