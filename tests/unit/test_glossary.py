"""docs/reference/glossary.md names files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^- \*\*(.+?)\.\*\*(.*?)(?=^- |^## |\Z)", GLOSSARY, re.DOTALL | re.MULTILINE)


def test_each_entry_ends_with_a_file_that_exists() -> None:
    """Whoever moves a file has to change the glossary too."""
    assert len(ENTRIES) >= 40
    for word, text in ENTRIES:
        last = re.search(r"`([\w/.]+)`$", text.strip())
        assert last, word
        assert (ROOT / last[1]).is_file(), word


def test_no_word_is_explained_twice() -> None:
    words = [word for word, _ in ENTRIES]
    assert len(set(words)) == len(words)
