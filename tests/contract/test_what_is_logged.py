"""The samples of all systems: nothing that names a person is logged, kept or announced."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from aws_lambda_powertools import Logger, Metrics

from aws_adapters.ledger.reasons import DynamoReasonStore
from send_invites.outcome_topic import OutcomePublisher
from send_invites.telemetry import Telemetry
from support.build import DEADLINE, NOW, InlineExecutor, message, processor
from support.fakes import FakeSender
from support.mutation import leaves, replaced
from support.samples import SAMPLES, name

# It looks like an id, so that only its place keeps it out.
MARK = "marked.person"
# Endings of the keys that hold a person's name, or a name that they have chosen.
ENDINGS = ("name", "email", "login", "alternateid", "phone", "phonenumber", "address", "handle")
# Names of tenants and of applications, not of persons.
NO_PERSONS = {"tenant_name", "realmName", "applicationName"}
# Keycloak's id of a user of a user federation ends in the user's name: f:COMPONENT:NAME.
KEYCLOAK_IDS = {"userId", "resourcePath"}

DOCUMENTS = [
    (path, json.loads(path.read_text(encoding="utf-8")))
    for path in SAMPLES
    if path.suffix == ".json"
]
_tape = io.StringIO()
_logger = Logger(service="what is logged", stream=_tape, level="DEBUG")


class Client:
    """DynamoDB and SNS: keeps what it is asked for."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def update_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Keep the request."""
        self.requests.append(request)
        return {}

    publish_batch = update_item


def written(document: object) -> str:
    """All that is written about a message: log, metrics, ledger, outcome topic."""
    _tape.seek(0)
    _tape.truncate()
    client = cast("Any", Client())
    ledger, executor = DynamoReasonStore(client, "ledger", lambda: NOW), InlineExecutor()
    with contextlib.redirect_stdout(io.StringIO()) as metrics:
        batch = processor(FakeSender(), ledger, executor)
        jobs = batch.process([message(document)], DEADLINE).jobs
        telemetry = Telemetry(_logger, Metrics("Test", "test"))
        telemetry.report(jobs, {}, "request", calls=[], now=NOW, is_mass_stop=False)
        OutcomePublisher(client, "topic", executor, 1.0).publish(jobs, 100.0)
    return f"{_tape.getvalue()} {metrics.getvalue()} {client.requests}"


def _names_a_person(path: Path, key: object) -> bool:
    if path.parent.name == "keycloak" and key in KEYCLOAK_IDS:
        return True
    return str(key).lower().endswith(ENDINGS) and key not in NO_PERSONS


def test_ids_are_written() -> None:
    """This shows that the next test would see a name."""
    document = next(document for path, document in DOCUMENTS if name(path) == "keycloak/registered")
    assert document["id"] in written(document)
    assert MARK in written({**document, "id": MARK})


@pytest.mark.parametrize(("path", "document"), DOCUMENTS, ids=[name(path) for path, _ in DOCUMENTS])
def test_nothing_that_names_a_person_is_written(path: Path, document: object) -> None:
    """No name comes through as an id or a tenant."""
    for place, value in leaves(document):
        keys = [key for key in place if isinstance(key, str)]
        if isinstance(value, str) and keys and _names_a_person(path, keys[-1]):
            assert MARK not in written(replaced(document, place, MARK)), place
