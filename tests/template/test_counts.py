"""What a batch costs: calls, connections, requests, log lines, modules.

Counts, since times differ from machine to machine (`make bench` has those). Whoever adds a call or
a library changes a number here, and says why.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from send_invites.bootstrap import application
from send_invites.handler import lambda_handler
from support.batches import CONTEXT, Batches
from support.build import cloud_event, record
from support.environment import ENVIRONMENT
from support.quick_aws import QuickAws, quick_aws
from support.spacemedia.client import StandIn
from support.waiting import wait_until

SIZE = 10
# The token that `quick_aws` has.
TOKEN = "7|a-token-of-the-bench"  # noqa: S105 - a test's
BATCHES = 10
# All of a batch come within it on a busy machine too.
LINGER_SECONDS = 0.3
# From the layer and the function: ours, and of the libraries what they import themselves.
MODULES = 180
BUILD = Path(__file__).parents[2] / ".aws-sam" / "build"
PRINT_MODULES = """
import json, sys
from send_invites.bootstrap import application
from send_invites.handler import lambda_handler
application()
print(json.dumps([getattr(module, "__file__", None) or "" for module in sys.modules.values()]))
"""


@pytest.fixture(scope="module")
def api() -> Iterator[StandIn]:
    """The API; it keeps idle connections for longer than a test takes, on a busy machine too."""
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def aws() -> Iterator[QuickAws]:
    """An AWS that says yes."""
    with quick_aws() as running:
        yield running


@pytest.fixture
def _deployed(
    api: StandIn, aws: QuickAws, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """In an environment that starts anew."""
    api.reset()
    api.add_token(TOKEN, ttl=None)
    aws.reset()
    variables = {**ENVIRONMENT, **aws.environment(), "API_BASE_URL": api.url}
    # One logger for each name and process.
    names = {"POWERTOOLS_SERVICE_NAME": request.node.name, "POWERTOOLS_METRICS_NAMESPACE": "Test"}
    for name, value in (variables | names).items():
        monkeypatch.setenv(name, value)
    application.cache_clear()
    yield
    application.cache_clear()


def invite(event: dict[str, Any]) -> None:
    """Everybody of the batch is invited."""
    assert lambda_handler(event, CONTEXT) == {"batchItemFailures": []}


@pytest.mark.usefixtures("_deployed")
def test_batch_is_one_call_a_person_and_two_requests_to_the_ledger(
    api: StandIn, aws: QuickAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is read once, and SQS is never called.

    The ledger's two requests are the claims and their ends. All of a batch come within the real
    2 ms on an idle machine only, so here they have longer.
    """
    monkeypatch.setattr("send_invites.bootstrap.LINGER_SECONDS", LINGER_SECONDS)
    batches = Batches()
    invite(batches(SIZE))
    assert aws.calls()["getsecretvalue"] == 1
    for _ in range(BATCHES):
        assert _calls_of(batches(SIZE), api, aws) == {"batchexecutestatement": 2}


@pytest.mark.usefixtures("_deployed")
def test_a_batch_is_never_more_requests_than_its_people_alone(api: StandIn, aws: QuickAws) -> None:
    """However the claims of a batch are gathered: alone, each person has two."""
    batches = Batches()
    invite(batches(SIZE))
    for _ in range(BATCHES):
        assert _calls_of(batches(SIZE), api, aws).total() in range(2, 2 * SIZE + 1)


def _calls_of(event: dict[str, Any], api: StandIn, aws: QuickAws) -> Counter[str]:
    """The calls to AWS of a batch that invites everybody by one call each."""
    aws.reset()
    before = api.stats().requests
    invite(event)
    assert api.stats().requests - before == SIZE
    calls = aws.calls()
    del calls["connections"]
    return calls


@pytest.mark.usefixtures("_deployed")
def test_person_alone_is_a_claim_its_end_and_the_token(aws: QuickAws) -> None:
    invite(Batches()(1))
    calls = aws.calls()
    del calls["connections"]
    assert calls == {"getsecretvalue": 1, "putitem": 1, "updateitem": 1}


@pytest.mark.usefixtures("_deployed")
def test_folded_key_is_read_only_for_addresses_that_case_folding_changes(aws: QuickAws) -> None:
    invite({"Records": [record(cloud_event({"email": "stra\u00dfe@example.test"}))]})
    calls = aws.calls()
    del calls["connections"]
    assert calls == {"getsecretvalue": 1, "batchgetitem": 1, "putitem": 1, "updateitem": 1}


@pytest.mark.usefixtures("_deployed")
def test_connections_are_kept_from_batch_to_batch(api: StandIn, aws: QuickAws) -> None:
    """There are no more than people in one batch."""
    batches = Batches()
    for _ in range(3):
        invite(batches(SIZE))
    assert api.stats().connections_opened <= SIZE
    # The ledger's: for each person at most one of each client's; and one for the token.
    assert aws.calls()["connections"] <= 2 * SIZE + 1


@pytest.mark.usefixtures("_deployed")
def test_connections_closed_while_idle_fail_no_call_and_repeat_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next batch opens others: nobody's first call fails, and none is made twice."""
    batches = Batches()
    with StandIn(keepalive=0.2) as api:
        api.add_token(TOKEN, ttl=None)
        monkeypatch.setenv("API_BASE_URL", api.url)
        invite(batches(SIZE))
        wait_until(lambda: not api.stats().connections_open, "the idle connections to be closed")
        invite(batches(SIZE))
        assert api.stats().by_status == {"201": 2 * SIZE}


@pytest.mark.usefixtures("_deployed")
def test_log_has_a_line_for_each_message_and_one_for_the_metrics(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event = Batches()(SIZE)
    event["Records"].append(record({"type": "unknown"}, SIZE))
    lambda_handler(event, CONTEXT)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == SIZE + 1 + 1
    assert sum("_aws" in line for line in lines) == 1


def test_cold_start_imports_a_known_number_of_modules() -> None:
    """Of the built artefact."""
    folders = [BUILD / "SendInvitesFunction", BUILD / "InvitesLayer" / "python"]
    variables = {
        **ENVIRONMENT,
        "AWS_DEFAULT_REGION": "eu-west-2",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
        "PYTHONPATH": ":".join(map(str, folders)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", PRINT_MODULES]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    files = [name for name in json.loads(done.stdout) if name.startswith(str(BUILD))]
    assert any("email_validator" in name for name in files)
    assert len(files) <= MODULES, sorted(files)
