"""invites.sending.claim: the key of a person."""

import unicodedata

import pytest

from invites.errors import RejectedError
from invites.rules.address import normalise
from invites.sending.claim import folded_person_key, person_key

API = "https://enterprise.spacemedia.uk"
KEY = person_key(API, "ada.lovelace@example.test")
# Both addresses are sent as they are, and are two people.
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
def test_case_and_white_space_make_no_other_person(email: str) -> None:
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
def test_the_key_folds_nothing(email: str) -> None:
    assert person_key(API, email) != KEY


@pytest.mark.parametrize(("email", "other"), PAIRS)
def test_two_addresses_that_are_sent_are_two_people(email: str, other: str) -> None:
    """Even though case folding makes one address of them."""
    sent = [normalise(address, "email") for address in (email, other)]
    assert sent == [email, other]
    assert person_key(API, email) != person_key(API, other)


@pytest.mark.parametrize("endpoint", ["https://staging.spacemedia.uk", API + "/v2", API + "\n", ""])
def test_the_people_of_another_api_are_other_people(endpoint: str) -> None:
    assert person_key(endpoint, "ada.lovelace@example.test") != KEY


def test_the_key_is_this_very_hash() -> None:
    """A hash keeps addresses out of the ledger; with another one everybody would be forgotten."""
    assert KEY == "f39c7f232f85400935041b3182063cb710ef22a6fd61ea0ddf7838d32c0a72ff"


@pytest.mark.parametrize(("email", "other"), PAIRS)
def test_the_folded_key_is_the_key_of_the_folded_address(email: str, other: str) -> None:
    assert folded_person_key(API, email) == person_key(API, other)
    assert folded_person_key(API, other) is None


def test_all_but_179_of_the_shortest_addresses_kept_their_key_when_folding_ended() -> None:
    every = (chr(number) for number in range(0x110000) if not 0xD800 <= number <= 0xDFFF)
    # Others cannot be among them: a normalised address is lower case in NFC.
    lower = {unicodedata.normalize("NFC", character).lower() for character in every}
    sent = {
        email
        for character in lower
        if character.casefold() != character and (email := _sent(character))
    }
    assert len([email for email in sent if folded_person_key(API, email)]) == 179
    assert folded_person_key(API, "ada.lovelace+music@example.test") is None


def _sent(character: str) -> str:
    """The address with this local part, as it is sent; empty if it is not an address."""
    try:
        return normalise(f"{character}@example.test", "email")
    except RejectedError:
        return ""
