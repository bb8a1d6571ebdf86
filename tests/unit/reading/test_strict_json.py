"""invites.reading.strict_json."""

import pytest

from invites.errors import Code, RejectedError
from invites.reading.strict_json import parse_object


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (' {"a": [1, null, {"b": true}]}\n', {"a": [1, None, {"b": True}]}),
        (b'{"a": "\xc3\xbc"}', {"a": "ü"}),
        ('{"a": {"k": 1}, "b": {"k": 2}}', {"a": {"k": 1}, "b": {"k": 2}}),
        ('{"a": [0.5, -1e308, 1e-400]}', {"a": [0.5, -1e308, 0.0]}),
    ],
)
def test_an_object_is_returned_as_it_is(text: str | bytes, value: object) -> None:
    """One key in two objects is no repetition."""
    assert parse_object(text, "body") == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON"),
        ('{"a": 1', "is not JSON"),
        ("{'a': 1}", "is not JSON"),
        ("{} {}", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('"{}"', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ("7", "is not a JSON object"),
        ("true", "is not a JSON object"),
        ('{"a": NaN}', "holds NaN, which JSON does not know"),
        ('{"a": -Infinity}', "holds -Infinity, which JSON does not know"),
        ('{"a": 1e400}', "holds a number that is too large"),
        ('{"a": [-1e400]}', "holds a number that is too large"),
        ('{"a": 1, "a": 2}', "holds the same key twice in one object"),
        ('{"a": [{"b": 1, "b": 1}]}', "holds the same key twice in one object"),
        ('{"a": 1, "\\u0061": 2}', "holds the same key twice in one object"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "is nested too deeply"),
        ('{"a": ' + "9" * 100_000 + "}", "is not JSON"),
        (b'{"a": "\xff"}', "is not JSON"),
        (b"\x80", "is not JSON"),
    ],
)
def test_anything_but_an_unambiguous_object_is_rejected(text: str | bytes, problem: str) -> None:
    """Field and problem are named, not the text."""
    with pytest.raises(RejectedError) as caught:
        parse_object(text, "data_base64")
    assert str(caught.value) == f"data_base64 {problem}"
    assert (caught.value.code, caught.value.field) == (Code.MALFORMED_BODY, "data_base64")


def test_half_a_character_is_left_to_whoever_reads_the_field() -> None:
    """It is legal JSON."""
    assert parse_object('{"a": "\\ud800"}', "body") == {"a": "\ud800"}
