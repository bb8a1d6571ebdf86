"""invites.reading.expressions."""

from typing import Any

import pytest

from invites.errors import Code, RejectedError
from invites.reading.expressions import Expression, ExpressionError


@pytest.mark.parametrize(
    ("text", "document", "found"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {}, None),
        ("(a[?t=='U'].m) | [0]", {"a": [{"t": "G", "m": "g"}, {"t": "U", "m": "u"}]}, "u"),
        ("from_json(a).b", {"a": '{"b": 1}'}, 1),
        ("from_json(a)[0]", {"a": '["x"]'}, "x"),
        ("from_json(a)", {"a": "prose"}, None),
        ("from_json(a)", {"a": '{"b": 1, "b": 2}'}, None),
        ("from_json(a).b", {"a": None}, None),
        ("find(a, 'id', b).m", {"a": [1, {"id": 1}, {"id": 2, "m": "x"}], "b": 2}, "x"),
        ("find(a, 'id', b).m", {"a": [{"id": 2, "m": "x"}], "b": None}, None),
        ("find(a, 'id', b).m", {"a": [{"m": "x"}]}, None),
        ("find(a, 'id', b).m", {"a": None, "b": 2}, None),
        ("part(a, '/', `2`)", {"a": "x/y/z"}, "z"),
        ("part(a, '/', `3`)", {"a": "x/y/z"}, None),
        ("part(a, '/', `-1`)", {"a": "x/y/z"}, None),
        ("part(a, '', `0`)", {"a": "x"}, None),
        ("part(a, '/', `0`)", {}, None),
    ],
)
def test_expression_finds_what_is_there_and_nothing_else(
    text: str, document: dict[str, Any], found: object
) -> None:
    """With the functions of our own, too; what is missing is no error."""
    assert Expression(text).find(document) == found


@pytest.mark.parametrize(
    "text", ["starts_with(a, 'x')", "contains(a, 'x')", "join(':', [a, b])", "find(a, 'x', `1`)"]
)
@pytest.mark.parametrize("value", [None, 7, {"b": 1}, True])
def test_function_that_gets_a_wrong_type_finds_nothing(text: str, value: object) -> None:
    """A function that gets what it cannot take finds nothing: it is no match."""
    assert Expression(text).find({"a": value, "b": None}) is None


@pytest.mark.parametrize("text", ["a[].b", "a[?b == 'x'].b", "(a[?b].b) | [0]"])
def test_expression_gives_up_on_an_event_made_to_be_slow(text: str) -> None:
    """It looks through the groups of a person, but not through 1 MiB of them."""
    assert Expression(text).find({"a": [{"b": "x"}] * 4000}) in (["x"] * 4000, "x")
    with pytest.raises(RejectedError) as caught:
        Expression(text).find({"a": [{}] * 100_000})
    assert caught.value.code is Code.MALFORMED_BODY
    assert str(caught.value) == f"{text} would have to look through too many values"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is no JMESPath"),
        ("a[", "is no JMESPath"),
        ("a == ", "is no JMESPath"),
        ("lower(a)", r"calls lower\(\), which there is not"),
        ("a[?lower(b)=='c']", r"calls lower\(\), which there is not"),
        ("part(a, '/')", r"calls part\(\) with 2 arguments"),
        ("length(a, b)", r"calls length\(\) with 2 arguments"),
        ("not_null()", r"calls not_null\(\) with 0 arguments"),
    ],
)
def test_wrong_function_call_is_found_when_compiled(text: str, problem: str) -> None:
    """JMESPath itself looks for functions only later."""
    with pytest.raises(ExpressionError, match=problem):
        Expression(text)


@pytest.mark.parametrize(
    ("text", "root", "path"),
    [
        ("a", "a", "a"),
        ('"detail-type"', "detail-type", "detail-type"),
        ("a.b.c", "a", "a.b.c"),
        ("a[0].b", "a", None),
        ("keys(a)", None, None),
        ("a || b", None, None),
    ],
)
def test_root_and_plain_path_of_an_expression(
    text: str, root: str | None, path: str | None
) -> None:
    """What a document has in which the expression finds something."""
    expression = Expression(text)
    assert (expression.root, expression.plain_path) == (root, path)
