"""invites.sending.claim: what a person is known by."""

import unicodedata

import pytest

from invites.errors import RejectedError
from invites.rules.address import normalise
from invites.sending.claim import folded_person_key, person_key

API = "https://enterprise.spacemedia.uk"
KEY = person_key(API, "ada.lovelace@example.test")
# Each is sent as it is, and is somebody else's than the other.
PAIRS = [
    ("\u017fusan@example.test", "susan@example.test"),
    ("straße@example.test", "strasse@example.test"),
    ("ς@example.test", "\u03c3@example.test"),
    ("ﬁona@example.test", "fiona@example.test"),
    ("a\u00b5@example.test", "a\u03bc@example.test"),
]


@pytest.mark.parametrize(
    "email",
    ["Ada.Lovelace@Example.Test", " ada.lovelace@example.test\n", "ADA.LOVELACE@EXAMPLE.TEST"],
)
def test_one_person(email: str) -> None:
    """Case and white space around the address make no other person: they are not sent."""
    assert person_key(API, normalise(email, "email")) == KEY


@pytest.mark.parametrize(
    "email",
    [
        "Ada.Lovelace@example.test",
        "adalovelace@example.test",
        "ada.lovelace+music@example.test",
        "ada.lovelace@example.org",
        "ada lovelace@example.test",
        "",
    ],
)
def test_other_people(email: str) -> None:
    """Nothing is folded: what is sent is what the person is known by."""
    assert person_key(API, email) != KEY


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_addresses_are_two_people(one: str, other: str) -> None:
    """Though case folding makes one of them, both are sent, and so both are claimed."""
    sent = [normalise(email, "email") for email in (one, other)]
    assert sent == [one, other]
    assert person_key(API, one) != person_key(API, other)


@pytest.mark.parametrize("endpoint", ["https://staging.spacemedia.uk", API + "/v2", API + "\n", ""])
def test_other_apis(endpoint: str) -> None:
    """The people of another API are other people."""
    assert person_key(endpoint, "ada.lovelace@example.test") != KEY


def test_it_is_no_address() -> None:
    """It is a hash, so that the ledger tells of nobody; with another one everybody is forgotten."""
    assert KEY == "f39c7f232f85400935041b3182063cb710ef22a6fd61ea0ddf7838d32c0a72ff"


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_folded_key_is_that_of_before(one: str, other: str) -> None:
    """When it folded case, both had the key that the other has now."""
    assert folded_person_key(API, one) == person_key(API, other)
    assert folded_person_key(API, other) is None


def test_almost_everybody_has_the_same_key_as_before() -> None:
    """Of all addresses of one character that are sent, 179 have not: so few are asked for twice."""
    every = (chr(number) for number in range(0x110000) if not 0xD800 <= number <= 0xDFFF)
    # Others cannot be among them: a normalised address is lower case in NFC.
    lower = {unicodedata.normalize("NFC", one).lower() for one in every}
    sent = {email for one in lower if one.casefold() != one and (email := _sent(one))}
    assert len([email for email in sent if folded_person_key(API, email)]) == 179
    assert folded_person_key(API, "ada.lovelace+music@example.test") is None


def _sent(character: str) -> str:
    """The address of which this is the local part, as it is sent; empty if it is none."""
    try:
        return normalise(f"{character}@example.test", "email")
    except RejectedError:
        return ""
