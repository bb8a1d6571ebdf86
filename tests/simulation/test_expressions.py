"""The simulated DynamoDB decides on conditions as its documentation says."""

from typing import Any

import pytest

from simulation.world.aws.expressions import condition, update

ROW = {"pk": {"S": "a"}, "until": {"N": "10"}, "state": {"S": "held"}}
VALUES = {":now": {"N": "9.5"}, ":held": {"S": "held"}, ":ten": {"N": "10.0"}}


@pytest.mark.parametrize(
    ("text", "row", "holds"),
    [
        ("attribute_not_exists(pk)", {}, True),
        ("attribute_not_exists(pk)", ROW, False),
        ("#state = :held AND until < :now", ROW, False),
        ("#state = :held AND (until < :now OR until = :ten)", ROW, True),
        ("until < :now OR #state = :held AND until = :ten", ROW, True),
        ("until BETWEEN :now AND :ten", ROW, True),
        ("missing = :held", ROW, False),
        ("missing <> :held", ROW, True),
        ("missing < :now", ROW, False),
        ("NOT #state IN (:ten, :held)", ROW, False),
        ("NOT #state IN (:ten, :now)", ROW, True),
        ("NOT missing IN (:ten, :held)", ROW, True),
    ],
)
def test_condition_holds_as_documented(text: str, row: dict[str, Any], *, holds: bool) -> None:
    """Numbers are compared as numbers; what is not there is unlike everything."""
    assert condition(text, (("#state", "state"),))(row, VALUES) is holds


def test_update_takes_a_default_only_for_what_is_missing() -> None:
    """A default counts only for what is not there."""
    changes = update("SET a = if_not_exists(until, :now), b = if_not_exists(b, :now)", ())
    assert changes["a"](ROW, VALUES) == {"N": "10"}
    assert changes["b"](ROW, VALUES) == {"N": "9.5"}


def test_update_adds_and_removes() -> None:
    """What is removed becomes nothing."""
    changes = update(
        "SET n = if_not_exists(n, :ten) + :now, m = :held REMOVE #state, until",
        (("#state", "state"),),
    )
    assert {name: made(ROW, VALUES) for name, made in changes.items()} == {
        "n": {"N": "19.5"},
        "m": {"S": "held"},
        "state": None,
        "until": None,
    }


def test_unknown_expression_is_an_error() -> None:
    """Not a guess: the adapter may use more than is simulated."""
    with pytest.raises((KeyError, IndexError)):
        condition("contains(pk, :now)", ())
    with pytest.raises(ValueError, match="ADD"):
        update("ADD n :now", ())
