"""events/signup.schema.json and the code agree on what a signup is."""

import base64
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from invites.invite import Invite
from invites.reading.canonical import CREATED, FIELDS
from invites.rules.address import normalise
from invites.rules.role_name import clean, is_admin
from support.build import READER

EVENTS = Path(__file__).parents[2] / "events"
SCHEMA = json.loads((EVENTS / "signup.schema.json").read_text(encoding="utf-8"))


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that also checks formats."""
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


EVENT = validator(SCHEMA)
DATA = validator(SCHEMA["$defs"]["data"])

CANONICAL = [
    path
    for path in sorted((EVENTS / "canonical").glob("*.json"))
    if (expected := path.with_name(path.stem + ".expected.json")).exists()
    and json.loads(expected.read_text(encoding="utf-8"))["outcome"] == "invite"
]

LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,6}[A-Za-z0-9])?", fullmatch=True).filter(
    # Labels with two hyphens in this place are reserved for IDNA.
    lambda label: label[2:4] != "--"
)
ADDRESSES = st.builds(
    "{0}{1}@{2}.example.test{0}".format,
    st.sampled_from(["", " ", "\t", "\n"]),
    st.from_regex(r"[A-Za-z0-9_+'-]{1,20}(\.[A-Za-z0-9_+-]{1,20})?", fullmatch=True),
    LABELS,
)
TEXTS = st.text(max_size=20)
# Texts of characters that a role's name may have, and of characters that it may not.
ODD_TEXTS = st.text(
    st.sampled_from(
        "Admin \t\n\x00\x85\u00a0\u00ad\u200b\u2028\u3000\u3164\u0378\ue000\ufe0f\U000e0041"
    ),
    max_size=6,
)
NAMES = (TEXTS | ODD_TEXTS).filter(lambda text: bool(clean(text)) and not is_admin(text))
DATA_OBJECTS = st.fixed_dictionaries(
    {"email": ADDRESSES},
    optional={
        "roles": st.none() | st.lists(NAMES, max_size=4),
        "name": st.none() | TEXTS,
        "department": st.none() | TEXTS,
        "title": st.none() | TEXTS,
        "employee_type": st.none() | TEXTS,
        "groups": st.none() | st.lists(TEXTS, max_size=3),
    },
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


def event(data: object, kind: object = CREATED) -> dict[str, Any]:
    """A CloudEvent."""
    return {"specversion": "1.0", "type": kind, "source": "/test", "id": "1", "data": data}


def invite(body: object) -> Invite | None:
    """The invite that comes of a body; None if it is rejected or ignored."""
    content = READER.read(json.dumps(body)).content
    return content if isinstance(content, Invite) else None


def test_schema_is_valid_and_refuses_an_empty_object() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert not EVENT.is_valid({})


def test_schema_describes_the_fields_that_the_code_knows() -> None:
    assert set(SCHEMA["$defs"]["data"]["properties"]) == FIELDS


@pytest.mark.parametrize("path", CANONICAL, ids=lambda path: path.stem)
def test_canonical_sample_of_an_invite_is_valid(path: Path) -> None:
    """Its data are valid as well, also in base64 or alone."""
    sample = json.loads(path.read_text(encoding="utf-8"))
    if "specversion" in sample:
        EVENT.validate(sample)
    data = sample
    if "data_base64" in sample:
        data = json.loads(base64.b64decode(sample["data_base64"]))
    elif "data" in sample:
        data = sample["data"]
    DATA.validate(data)


@settings(max_examples=300, deadline=None)
@given(DATA_OBJECTS)
def test_valid_data_make_the_same_invite_whichever_way_they_come(data: dict[str, Any]) -> None:
    """As an object, in base64, on an event bus, and alone."""
    EVENT.validate(event(data))
    roles = tuple(dict.fromkeys(clean(role) or "" for role in data.get("roles") or ()))
    expected = Invite(normalise(data["email"], "data.email"), roles or READER.rules.roles.default)
    encoded = event(None)
    del encoded["data"]
    encoded["data_base64"] = base64.b64encode(json.dumps(data).encode()).decode()
    on_a_bus = {"detail-type": CREATED, "source": "test", "detail": {**data, "tenant": 1}}
    assert [invite(body) for body in (event(data), encoded, on_a_bus, data)] == [expected] * 4


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_nobody_is_invited_with_an_address_that_the_schema_refuses(value: object) -> None:
    assume(not DATA.is_valid({"email": value}))
    assert invite(event({"email": value})) is None


@settings(max_examples=300, deadline=None)
@given(ANYTHING | st.lists(TEXTS | ODD_TEXTS | st.just(" "), max_size=4))
def test_schema_and_code_refuse_the_same_roles(value: object) -> None:
    """Except what no pattern can express."""
    data = {"email": "ada@example.test", "roles": value}
    unsayable = isinstance(value, list) and any(map(_is_unsayable, value))
    assert (invite(event(data)) is not None) is (DATA.is_valid(data) and not unsayable)


def _is_unsayable(role: object) -> bool:
    """Unassigned characters differ from version to version of Unicode; Admin has many spellings."""
    if not isinstance(role, str):
        return False
    return is_admin(role) or any(unicodedata.category(character) == "Cn" for character in role)


@settings(max_examples=300, deadline=None)
@given(ANYTHING | st.sampled_from([CREATED, CREATED.title(), CREATED[:-1]]))
def test_schema_and_code_refuse_the_same_types(value: object) -> None:
    body = event({"email": "ada@example.test"}, value)
    assert (invite(body) is not None) is EVENT.is_valid(body)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["name", "department", "title", "employee_type", "groups"]), ANYTHING)
def test_schema_and_code_refuse_the_same_facts(key: str, value: object) -> None:
    data = {"email": "ada@example.test", key: value}
    assert (invite(event(data)) is not None) is DATA.is_valid(data)


@pytest.mark.parametrize("role", ["Admin", "admin", " ADMIN ", "Admin\u200b", "Ad\u3000min"])
def test_schema_and_code_refuse_admin(role: str) -> None:
    """No event gets this role by asking for it."""
    data = {"email": "ada@example.test", "roles": ["Artist", role]}
    assert not DATA.is_valid(data)
    assert invite(event(data)) is None
