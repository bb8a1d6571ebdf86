"""The artefacts of `sam build`: what is deployed, and what every other test runs."""

import ast
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from template.reading import FUNCTION, ROOT, Template
from template.test_dependencies import modules

BUILD = ROOT / ".aws-sam" / "build"
COMPILED = {".so", ".pyd", ".dylib", ".dll", ".pyc", ".pyo"}

# boto3 comes with the Lambda runtime, at a version that varies. It then imports the layer's
# urllib3, and this is the first version (March 2024) whose botocore takes one newer than 2.0.
# python3.13 came to Lambda in November 2024, so that every runtime of it has a newer boto3.
BOTO3_MINIMUM = Version("1.34.63")
URLLIB3_OF_BOTO3_MINIMUM = SpecifierSet(">=1.25.4,!=2.2.0,<3")


@pytest.fixture(scope="session")
def layer() -> Path:
    """The built layer."""
    return _built("InvitesLayer")


def _built(logical_id: str) -> Path:
    folder = BUILD / logical_id
    if not folder.is_dir():
        pytest.fail(f"{folder.relative_to(ROOT)} is missing: run `make build` first")
    return folder


def _sources(package: Path) -> dict[str, bytes]:
    """The files of a package as they are now."""
    return {
        str(path.relative_to(package.parent)): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _layer_versions(layer: Path) -> Mapping[str, Version]:
    found = metadata.distributions(path=[str(layer / "python")])
    return {
        canonicalize_name(distribution.metadata["Name"]): Version(distribution.version)
        for distribution in found
    }


@pytest.mark.parametrize("logical_id", ["InvitesLayer", *sorted(Template().of_type(FUNCTION))])
def test_artefact_holds_nothing_compiled(logical_id: str) -> None:
    """So one artefact runs on arm64 and on the machine that tests it."""
    files = list(_built(logical_id).rglob("*"))
    assert files
    assert [path for path in files if path.suffix in COMPILED or path.name == "__pycache__"] == []


def test_every_wheel_of_the_layer_is_pure_python(layer: Path) -> None:
    wheels = list(layer.glob("python/*.dist-info/WHEEL"))
    assert wheels
    for wheel in wheels:
        text = wheel.read_text(encoding="utf-8")
        assert "Root-Is-Purelib: true" in text, wheel
        assert all(tag.endswith("-none-any") for tag in text.splitlines() if tag[:4] == "Tag:")


@pytest.mark.parametrize("function", sorted(Template().of_type(FUNCTION)))
def test_function_artefact_is_its_package_as_in_the_repository(
    template: Template, function: str
) -> None:
    """A test of a stale build would test nothing."""
    handler: str = template.properties(function)["Handler"]
    package = ROOT / "functions" / handler.partition(".")[0]
    built = _built(function)
    files = {str(path.relative_to(built)): path for path in built.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in files.items()} == _sources(package)


def test_layer_holds_all_first_party_packages_as_in_the_repository(layer: Path) -> None:
    packages = [path.parent for path in ROOT.glob("layers/*/__init__.py")]
    assert "invites" in {package.name for package in packages}
    for package in packages:
        assert _sources(layer / "python" / package.name) == _sources(package)
    assert [path.name for path in layer.iterdir()] == ["python"]
    assert not (layer / "python" / "python").exists()


def test_commands_are_in_no_artefact() -> None:
    """What an operator runs on a laptop is not deployed, and no deployed code imports it."""
    commands = {path.parent.name for path in ROOT.glob("commands/*/__init__.py")}
    assert commands
    parts = [BUILD / "InvitesLayer" / "python", *map(_built, Template().of_type(FUNCTION))]
    assert [path for part in parts for path in part.iterdir() if path.stem in commands] == []
    code = [file for folder in ("functions", "layers") for file in ROOT.glob(f"{folder}/**/*.py")]
    imported = {name for file in code for name in modules(ast.parse(file.read_text("utf-8")))}
    assert "invites" in imported
    assert not commands & imported


def test_layer_holds_the_distributions_of_the_lock_file_and_no_others(layer: Path) -> None:
    lines = (ROOT / "layers" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line.rstrip(" \\")) for line in lines if "==" in line]
    assert locked
    expected = {
        canonicalize_name(requirement.name): Version(str(requirement.specifier).removeprefix("=="))
        for requirement in locked
    }
    assert _layer_versions(layer) == expected


def test_address_library_works_without_dnspython(layer: Path) -> None:
    """The layer leaves it out."""
    assert "dnspython" not in _layer_versions(layer)
    check = (
        "from invites.rules.address import normalise; print(normalise('Ada@example.test', 'email'))"
    )
    environment = {"PYTHONPATH": str(layer / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
    # -S: nothing but the layer and the standard library.
    command = [sys.executable, "-S", "-c", check]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "ada@example.test"


def test_sdk_is_not_in_the_layer(layer: Path) -> None:
    """Neither boto3 nor what only it needs: the runtime has it."""
    assert not {"boto3", "botocore", "s3transfer"} & _layer_versions(layer).keys()
    assert not {"boto3", "botocore"} & {path.name for path in BUILD.rglob("boto*")}


def test_oldest_sdk_of_the_runtime_works_with_the_urllib3_of_the_layer(layer: Path) -> None:
    """The layer's urllib3 comes before the runtime's, and the tests run no older SDK."""
    assert _layer_versions(layer)["urllib3"] in URLLIB3_OF_BOTO3_MINIMUM
    assert Version(metadata.version("boto3")) >= BOTO3_MINIMUM


def test_sdk_of_the_tests_works_with_the_libraries_of_the_layer(layer: Path) -> None:
    versions = _layer_versions(layer)
    needed = [Requirement(text) for text in metadata.requires("botocore") or []]
    shared = [
        requirement
        for requirement in needed
        if requirement.name in versions and _applies(requirement)
    ]
    assert {requirement.name for requirement in shared} == {"jmespath", "urllib3"}
    assert all(versions[requirement.name] in requirement.specifier for requirement in shared)


def _applies(requirement: Requirement) -> bool:
    """To this interpreter, without extras."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
