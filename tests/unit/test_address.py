"""invites.address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.address import MAX_LENGTH, domain, local_part, normalise
from invites.errors import Code, RejectedError


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
def test_one_form(text: str, address: str) -> None:
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
def test_what_is_no_address(text: str) -> None:
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
    """The form is final: what was sent once is recognised when it comes back."""
    try:
        once = normalise(f"a{local}@x{host}.test", "data.email")
    except RejectedError:
        return
    assert normalise(once, "data.email") == once


def test_the_two_parts() -> None:
    """The domain is what follows the last at sign, the local part what goes before it."""
    assert (local_part("ada@example.test"), domain("ada@example.test")) == ("ada", "example.test")
