"""invites.rules.address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.errors import Code, RejectedError
from invites.rules.address import MAX_LENGTH, domain, is_same_address, local_part, normalise


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.test", "ada@example.test"),
        (" \t Ada.Lovelace+Music@Example.TEST \r\n", "ada.lovelace+music@example.test"),
        ("ada@bücher.test", "ada@xn--bcher-kva.test"),
        ("ada@BÜCHER.test", "ada@xn--bcher-kva.test"),
        ("ada@XN--BCHER-KVA.test", "ada@xn--bcher-kva.test"),
        ("ada@example。test", "ada@example.test"),
        ("JOSÉ@example.test", "josé@example.test"),
        ("jose\u0301@example.test", "josé@example.test"),
        ("o'neil@example.test", "o'neil@example.test"),
        ("a@" + "b." * 120 + "test", "a@" + "b." * 120 + "test"),
        (" " * 100_000 + "ada@example.test", "ada@example.test"),
    ],
)
def test_all_spellings_of_an_address_become_one(text: str, address: str) -> None:
    """All spellings of an address become one."""
    assert normalise(text, "data.email") == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ada",
        "@example.test",
        "ada@",
        "ada@@example.test",
        "ada@localhost",
        "ada@example..test",
        "ada@-example.test",
        "ada lovelace@example.test",
        "Ada <ada@example.test>",
        '"ada lovelace"@example.test',
        "ada@[127.0.0.1]",
        "ada@example.test, bob@example.test",
        "ada@example.test\x00",
        "ada@example.test\r\nBcc: bob@example.test",
        "ada@exam\nple.test",
        "\ud800@example.test",
        "ada@\ud800.test",
        "ada@xn--a.test",
        "a@" + "b." * 127 + "test",
        "a" * (MAX_LENGTH + 1),
        "@" * 1_000_000,
    ],
)
def test_invalid_address_is_rejected_without_a_word_of_it(text: str) -> None:
    """It is rejected without a word of it in the message."""
    with pytest.raises(RejectedError) as caught:
        normalise(text, "data.email")
    assert str(caught.value) in {
        "data.email is not an e-mail address",
        "data.email is too long for an e-mail address",
    }
    assert caught.value.code is Code.INVALID_EMAIL


# Letters whose lower case, composed form or IDNA form is another one, or longer.
_LETTERS = st.text("aZ9éÉİß\u017f\u212a.-+_' \u200d\u0301", max_size=12)


@settings(max_examples=300, deadline=None)
@given(_LETTERS, _LETTERS)
def test_normalising_twice_changes_nothing(local: str, host: str) -> None:
    """What was sent once is recognised when it comes back."""
    try:
        once = normalise(f"a{local}@x{host}.test", "data.email")
    except RejectedError:
        return
    assert normalise(once, "data.email") == once


def test_the_last_at_sign_parts_an_address() -> None:
    """The domain is what follows the last at sign, the local part what goes before it."""
    assert (local_part("ada@example.test"), domain("ada@example.test")) == ("ada", "example.test")


@pytest.mark.parametrize(
    "text",
    [
        "jos\u00e9.p+music@xn--strae-oqa.test",
        "jos\u00e9.p+music@stra\u00dfe.test",
        "jose\u0301.p+music@Stra\u00dfe.TEST",
        "JOS\u00c9.P+MUSIC@XN--STRAE-OQA.test",
        "JOSE\u0301.P+Music@stra\u00dfe\u3002test",
        " jos\u00e9.p+music@stra\u00dfe.test \r\n",
    ],
)
def test_case_composition_idna_and_white_space_make_no_other_address(text: str) -> None:
    """Case, composed or not (NFC, NFD), Unicode or ASCII (IDNA), white space around it."""
    sent = normalise(text, "data.email")
    assert sent == "jos\u00e9.p+music@xn--strae-oqa.test"
    assert is_same_address(text, sent)
    assert is_same_address(sent, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "susan",
        "susan+music@example.test",
        "su.san@example.test",
        "susan@example.test.",
        "susan@sub.example.test",
        "susan@example.com",
        "\u017fusan@example.test",
        "s\u00fasan@example.test",
        "su\u200bsan@example.test",
        "Susan <susan@example.test>",
        "susan@example.test, maya.chen@example.test",
        "maya.chen@example.test",
        "susan@" + "b." * 200 + "test",
        "\ud800@example.test",
    ],
)
def test_dots_plus_signs_accents_and_other_letters_make_another_address(text: str) -> None:
    """So does a text that is no address."""
    assert not is_same_address(text, "susan@example.test")
    assert not is_same_address("susan@example.test", text)


def test_sharp_s_is_another_letter() -> None:
    """As IDNA 2008 has it, and as the local part is sent; only the older IDNA 2003 folds it."""
    assert not is_same_address("susan@stra\u00dfe.test", "susan@strasse.test")
    assert not is_same_address("stra\u00dfe@example.test", "strasse@example.test")


@settings(max_examples=300, deadline=None)
@given(_LETTERS, _LETTERS)
def test_address_is_the_same_as_the_form_in_which_it_is_sent(local: str, host: str) -> None:
    """Whatever is invited, an answer that repeats it is about the same person."""
    text = f"a{local}@x{host}.test"
    try:
        sent = normalise(text, "data.email")
    except RejectedError:
        return
    assert is_same_address(text, sent)
