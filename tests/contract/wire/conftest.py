"""The account in which the functions run."""

from collections.abc import Iterator

import pytest

from contract.wire.deployed import Account, make_account
from support.local_aws import LocalAws, local_aws
from support.spacemedia.client import StandIn


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One local AWS for all tests of the wire."""
    with local_aws(tmp_path_factory.mktemp("local-aws")) as running:
        yield running


@pytest.fixture(scope="module")
def account(aws: LocalAws, process: StandIn, request: pytest.FixtureRequest) -> Account:
    """A table, queues and a topic for each module, and an API that knows nobody."""
    process.reset()
    return make_account(aws, process, request.node.name.removesuffix(".py").replace("/", "-"))
