"""The version stands in four places, and is the same in all of them."""

import re
import tomllib

from aws_adapters.log import VERSION, make_logger
from template.reading import ROOT, Template


def test_pyproject_has_the_version_that_functions_log() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_stack_outputs_the_version_that_functions_log(template: Template) -> None:
    assert template.outputs["Version"]["Value"] == VERSION


def test_changelog_has_the_version_as_its_newest() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    newest, *_ = [heading for heading in headings if heading != "Unreleased"]
    assert newest == VERSION


def test_every_line_of_the_log_has_the_version() -> None:
    assert make_logger().get_current_keys()["version"] == VERSION


def test_every_function_that_logs_uses_this_logger() -> None:
    sources = (ROOT / "functions").rglob("*.py")
    assert not [path.name for path in sources if "Logger(" in path.read_text(encoding="utf-8")]
