"""The README is short, and what the documents refer to exists."""

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
# Short enough for a newcomer at one sitting, and for an operator at night.
MAX_README_LINES = 170
# The target of an inline link, and of a reference's definition.
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", re.MULTILINE)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
# In code a line may begin with the command; in prose it is in backticks.
MAKE = re.compile(r"(?:^ *|`)make ([a-z][a-z-]*)", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
TARGETS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)
FOLDERS = (".ci", "commands", "docs", "events", "functions", "layers", "tests")
# A path that begins with a folder of this repository, or ends like one of its files.
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
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def exists(path: str) -> bool:
    """Whether a path of the repository, with `*` or `<…>` for any name, is there."""
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/")
    return pattern in NAMES or any(ROOT.glob(pattern))


def test_the_readme_is_short() -> None:
    """Longer texts belong in docs/."""
    assert len(text(ROOT / "README.md").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document: Path) -> None:
    """To a file of this repository, and to one of its headings if the link names one."""
    links = [a or b for a, b in LINK.findall(text(document))]
    for link in (link for link in links if not re.match(r"https?:", link)):
        target, _, anchor = link.partition("#")
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_command_is_a_target_of_the_makefile(document: Path) -> None:
    assert set(MAKE.findall(text(document))) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_in_backticks_or_in_a_command_exists(document: Path) -> None:
    code = CODE.findall(FENCE.sub("", text(document)))
    paths = [word for word in code if IN_A_FOLDER.fullmatch(word) or FILE.fullmatch(word)]
    paths += IN_A_FOLDER.findall("".join(FENCE.findall(text(document))))
    assert [path for path in paths if not exists(path)] == []


def test_every_document_is_linked() -> None:
    linked = {
        (document.parent / (a or b).partition("#")[0]).resolve()
        for document in DOCUMENTS
        for a, b in LINK.findall(text(document))
    }
    assert set(DOCUMENTS) - linked - {ROOT / "README.md"} == set()
