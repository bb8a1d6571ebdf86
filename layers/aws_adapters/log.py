"""The logger of every function; each of its lines has the version that is deployed."""

from aws_lambda_powertools import Logger

# Equal to pyproject.toml's, to the newest heading of CHANGELOG.md and to the stack's output
# `Version`. A constant, since pyproject.toml is in no artefact.
VERSION = "0.1.0"


def make_logger() -> Logger:
    """Powertools' logger, configured by its own variables, with `version` in each line."""
    return Logger(version=VERSION)
