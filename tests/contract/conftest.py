"""The stand-in for SpaceMedia: one process for all contract tests, reset for each of them."""

from collections.abc import Iterator

import pytest

from support.spacemedia.caller import Caller
from support.spacemedia.client import StandIn


@pytest.fixture(scope="session")
def process() -> Iterator[StandIn]:
    """Run one stand-in for all tests."""
    with StandIn() as running:
        yield running


@pytest.fixture
def stand_in(process: StandIn) -> StandIn:
    """Start each test with nothing left of the one before."""
    process.reset()
    return process


@pytest.fixture
def caller(stand_in: StandIn) -> Iterator[Caller]:
    """Call the API with a valid token."""
    with Caller(stand_in.url, stand_in.add_token()) as ready:
        yield ready


@pytest.fixture
def token(stand_in: StandIn) -> str:
    """A valid token."""
    return stand_in.add_token()
