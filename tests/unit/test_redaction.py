"""invites.redaction."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.redaction import MAX_LENGTH, loggable_id, redact


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("The email has already been taken.", "The email has already been taken."),
        ("ada@example.test is there", "*** is there"),
        ("entry 'ada@example.test-5' for key", "entry *** for key"),
        ("ada@example.test,bob@example.test", "***"),
        ("ada%40example.test is taken", "*** is taken"),
        ("ada\uff20example.test is taken", "*** is taken"),
        ("Token 7|Ab3Ab3 expired", "Token *** expired"),
        ("a\r\nb\tc\x00d\x1be\x7ff\u2028g\x85h", "a b c d e f g h"),
        ("Schlüssel 键 \ud800 \U0001f600 .", "Schlüssel 键 ."),
        ("", ""),
        ("@", "***"),
    ],
)
def test_words_like_addresses_and_tokens_are_masked(text: str, fit: str) -> None:
    """What is not printable is dropped."""
    assert redact(text) == fit


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=400))
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    """Whatever comes in, one printable line of at most a sentence comes out."""
    fit = redact(text)
    assert len(fit) <= MAX_LENGTH
    assert len(fit.splitlines()) <= 1
    assert "@" not in fit
    assert fit.encode().decode() == fit


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("values (ada.lovelace, 7)", "values *** 7)"),
        ("Ada.Lovelace's quota", "*** quota"),
        ("/users/ADA.LOVELACE/", "***"),
        ("Token secret-word expired", "Token *** expired"),
        ("ada and lovelace", "ada and lovelace"),
    ],
)
def test_word_that_holds_a_secret_is_masked_in_any_case(text: str, fit: str) -> None:
    """An empty secret masks nothing."""
    assert redact(text, ("ada.lovelace", "secret-word", "")) == fit


@pytest.mark.parametrize(("secret", "fit"), [("a", "an ada"), ("ad", "an ada"), ("ada", "an ***")])
def test_secret_of_one_or_two_letters_masks_nothing(secret: str, fit: str) -> None:
    """It would mask every other word."""
    assert redact("an ada", (secret,)) == fit


def test_text_is_cut_after_masking() -> None:
    """No half of an address is left at the end."""
    assert redact("x" * (MAX_LENGTH - 3) + " ada@example.test").endswith("x **")


@pytest.mark.parametrize(
    "event_id",
    [
        "evt-1",
        "0d1f2f64-7c2e-4b7e-8a53-2f0e8d9a0002",
        "arn:aws:sns:eu:1:t",
        "a=b+c|d/e_f",
        "x" * 128,
    ],
)
def test_uuids_arns_and_the_like_are_loggable_ids(event_id: str) -> None:
    """UUIDs, ARNs and the like are logged."""
    assert loggable_id(event_id) == event_id


@pytest.mark.parametrize(
    "event_id",
    [None, "", "ada@example.test", "ada%40example.test", "Ada Lovelace", "é", "a\n", "x" * 129],
)
def test_id_that_may_be_an_address_or_a_name_is_not_loggable(event_id: str | None) -> None:
    """An id that may be an address or a name is not logged."""
    assert loggable_id(event_id) is None
