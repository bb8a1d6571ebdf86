"""What the template tests share."""

import pytest

from template.reading import Template


@pytest.fixture(scope="session")
def template() -> Template:
    """The template, read once; no test changes it."""
    return Template()
