"""invites.message: the replay mark."""

import pytest

from invites.message import ReplayMark, read_mark


def test_a_mark_is_read_as_it_was_written() -> None:
    mark = ReplayMark("letter-1", "token-1", 2)
    assert str(mark) == "letter-1/token-1/2"
    assert read_mark(str(mark)) == mark


@pytest.mark.parametrize("text", [None, "", "x", "a/b/0", "a/b/c", "a/b/1\n", "é/b/1", "a//1"])
def test_any_other_text_is_no_mark(text: str | None) -> None:
    """Any producer can set the attribute: its message is then one like any other."""
    assert read_mark(text) is None
