"""invites.reading.email_field: which field's address counts."""

from typing import Any

import pytest

from invites.errors import Code, RejectedError
from invites.reading.email_field import find_address
from invites.reading.event_shape import Fields
from invites.reading.expressions import Expression

FIELDS = Fields(email=(Expression("a"), Expression("b")), login=(Expression("c"),))
EMAIL = "ada@example.test"


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"a": EMAIL, "b": "other@example.test"}, (EMAIL, "a")),
        ({"a": "", "b": EMAIL}, (EMAIL, "b")),
        ({"a": None, "b": " \t", "c": EMAIL}, (EMAIL, "c")),
        ({"a": "*****", "b": EMAIL}, (EMAIL, "b")),
        ({"a": "no address", "c": EMAIL}, ("no address", "a")),
        ({"a": "a*b@example.test"}, ("a*b@example.test", "a")),
    ],
)
def test_first_field_with_text_counts_even_if_the_text_is_wrong(
    document: dict[str, Any], found: tuple[str, str]
) -> None:
    """Fields of an address come before logins."""
    assert find_address(FIELDS, document) == found


@pytest.mark.parametrize(
    "value",
    [
        "*****",
        "a***@example.test",
        "HIDDEN_DUE_TO_SECURITY_REASONS",
        "[email protected]",
        "[email\xa0protected]",
        "4fdcca5ddb678139",
        "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
        "a_b.test#EXT#@northwind.test",
    ],
)
@pytest.mark.parametrize("key", ["a", "c"])
def test_masked_address_needs_a_lookup(key: str, value: str) -> None:
    """The system knows the address, and does not say it."""
    with pytest.raises(RejectedError, match=f"^{key} is ") as caught:
        find_address(FIELDS, {key: value})
    assert caught.value.code is Code.NEEDS_LOOKUP
    assert value not in str(caught.value)


@pytest.mark.parametrize("login", ["ada", "unknown", "Ada Lovelace"])
def test_login_that_is_no_address_needs_a_lookup(login: str) -> None:
    """It is to be looked up whose it is."""
    with pytest.raises(RejectedError, match=r"^c is a login") as caught:
        find_address(FIELDS, {"c": login})
    assert caught.value.code is Code.NEEDS_LOOKUP


@pytest.mark.parametrize("document", [{}, {"a": None, "b": "", "c": "  "}])
def test_missing_address_names_the_first_field(document: dict[str, Any]) -> None:
    """The address should be there."""
    with pytest.raises(RejectedError, match=r"^a is missing") as caught:
        find_address(FIELDS, document)
    assert caught.value.code is Code.MISSING_EMAIL


@pytest.mark.parametrize("value", [7, True, [EMAIL], {"value": EMAIL}])
def test_value_that_is_no_text_is_invalid_and_not_guessed_at(value: object) -> None:
    """It is not guessed at."""
    with pytest.raises(RejectedError, match=r"^b is not text") as caught:
        find_address(FIELDS, {"b": value})
    assert caught.value.code is Code.INVALID_EMAIL
