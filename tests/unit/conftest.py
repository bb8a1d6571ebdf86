"""Shared by the unit tests."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]


@pytest.fixture(scope="session")
def aws() -> boto3.Session:
    """A session that makes clients of AWS which nobody answers: each test stubs its own."""
    return boto3.Session("testing", "testing", region_name="eu-west-2")


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template, for the numbers in it on which numbers of the code depend."""
    path = Path(__file__).parents[2] / "template.yaml"
    return dict(yaml_parse(path.read_text(encoding="utf-8")))
