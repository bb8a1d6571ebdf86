"""The documents: the README is short, and what they refer to exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    ROOT / "events" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
# What a newcomer reads at one sitting, and an operator at night.
MAX_README_LINES = 170
# Of an inline link and of a reference's definition, the target.
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", re.MULTILINE)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
# In code a line may begin with the command; in prose it is in backticks.
MAKE = re.compile(r"(?:^ *|`)make ([a-z][a-z-]*)", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
TARGETS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)
FOLDERS = (".ci", "commands", "docs", "events", "functions", "layers", "tests")
# What begins with a folder of this repository, or ends as one of its files does.
IN_A_FOLDER = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*<>-]*")
FILE = re.compile(r"[\w./*<>-]+\.(?:py|md|toml|yaml)")
# The names of all files, by which a document may call one beside another.
NAMES = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")} | {
    path.name for path in ROOT.iterdir()
}


def name(path: Path) -> str:
    """What a document is called in a test report."""
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    """A document."""
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def exists(path: str) -> bool:
    """Whether a path of the repository, with `*` or `<…>` for any name, is there."""
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/")
    return pattern in NAMES or any(ROOT.glob(pattern))


def test_the_readme_is_short() -> None:
    """What is longer belongs into docs/."""
    assert len(text(ROOT / "README.md").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document: Path) -> None:
    """To a file of this repository, and to one of its headings if the link names one."""
    links = [a or b for a, b in LINK.findall(text(document))]
    for link in (one for one in links if not re.match(r"https?:", one)):
        target, _, anchor = link.partition("#")
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_exists(document: Path) -> None:
    """A command that a document tells to run is one of the Makefile's."""
    assert set(MAKE.findall(text(document))) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_exists(document: Path) -> None:
    """What stands in backticks or in a command and looks like a path of this repository is one."""
    code = CODE.findall(FENCE.sub("", text(document)))
    paths = [one for one in code if IN_A_FOLDER.fullmatch(one) or FILE.fullmatch(one)]
    paths += IN_A_FOLDER.findall("".join(FENCE.findall(text(document))))
    assert [one for one in paths if not exists(one)] == []


def test_every_document_is_linked() -> None:
    """None is found by chance alone."""
    linked = {
        (document.parent / (a or b).partition("#")[0]).resolve()
        for document in DOCUMENTS
        for a, b in LINK.findall(text(document))
    }
    assert set(DOCUMENTS) - linked - {ROOT / "README.md"} == set()
