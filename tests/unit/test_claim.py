"""invites.claim: what a person is known by."""

import pytest

from invites.claim import person_key

API = "https://enterprise.spacemedia.uk"
KEY = person_key(API, "ada.lovelace@example.test")


@pytest.mark.parametrize(
    "email",
    ["Ada.Lovelace@Example.Test", " ada.lovelace@example.test\n", "ADA.LOVELACE@EXAMPLE.TEST"],
)
def test_one_person(email: str) -> None:
    """Case and white space around the address make no other person."""
    assert person_key(API, email) == KEY


@pytest.mark.parametrize(
    "email",
    [
        "adalovelace@example.test",
        "ada.lovelace+music@example.test",
        "ada.lovelace@example.org",
        "ada lovelace@example.test",
        "",
    ],
)
def test_other_people(email: str) -> None:
    """Dots and plus signs are not folded: only the mail server knows what they mean."""
    assert person_key(API, email) != KEY


@pytest.mark.parametrize("endpoint", ["https://staging.spacemedia.uk", API + "/v2", API + "\n", ""])
def test_other_apis(endpoint: str) -> None:
    """The people of another API are other people."""
    assert person_key(endpoint, "ada.lovelace@example.test") != KEY


def test_it_is_no_address() -> None:
    """It is a hash, so that the ledger tells of nobody; with another one everybody is forgotten."""
    assert KEY == "f39c7f232f85400935041b3182063cb710ef22a6fd61ea0ddf7838d32c0a72ff"
