"""The template declares what `values.toml` says; the functions ask for the variables it gives."""

import contextlib
from typing import Any

import pytest

from contract.wire.deployed import TEMPLATE, VALUES, Account, Environment
from template.reading import FUNCTION

WIRE = VALUES["template"]
FUNCTIONS = VALUES["functions"]
GLOBALS = TEMPLATE.document["Globals"]["Function"]["Environment"]["Variables"]
# Powertools asks for these itself.
POWERTOOLS = "POWERTOOLS_"
# By function, an event with which it reads all of its variables.
EVENTS: dict[str, dict[str, Any]] = {
    "SendInvitesFunction": {},
    "ViewDeadLettersFunction": {VALUES["triage"]["console"]["context"]: {}},
    "ReplayDeadLettersFunction": {"action": "replay", "messageIds": ["none"], "dryRun": True},
    "RotateTokenFunction": {"Step": "none", "SecretId": "none", "ClientRequestToken": "none"},
}
# An unknown step fails after the function has read its variables.
ENDS: dict[str, tuple[type[Exception], ...]] = {"RotateTokenFunction": (Exception,)}


def test_parameters_are_as_listed() -> None:
    assert sorted(TEMPLATE.parameters) == sorted(WIRE["parameters"])


def test_outputs_are_as_listed() -> None:
    assert sorted(TEMPLATE.outputs) == sorted(WIRE["outputs"])


def test_logical_ids_are_as_listed() -> None:
    """Logical ids and types: a resource with another id is another resource."""
    found = {name: resource["Type"] for name, resource in TEMPLATE.resources.items()}
    assert found == WIRE["resources"]


def test_what_holds_data_is_kept_under_its_id() -> None:
    """These are kept when the stack goes: under another id they would be new, and empty."""
    kept = [
        name
        for name, resource in TEMPLATE.resources.items()
        if resource.get("DeletionPolicy") == "Retain"
    ]
    assert sorted(kept) == sorted(WIRE["hold_data"])


def test_event_source_has_its_name() -> None:
    """SAM makes the mapping's logical id of these two names."""
    found = [
        f"{name}/{event}"
        for name, function in TEMPLATE.of_type(FUNCTION).items()
        for event in function.get("Events", {})
    ]
    assert found == WIRE["event_sources"]


def test_keys_of_the_ledger_are_as_listed() -> None:
    """The keys of the table and of its index, and the attribute by which rows end."""
    ledger = TEMPLATE.resources["Ledger"]["Properties"]
    (index,) = ledger["GlobalSecondaryIndexes"]
    found = {
        "key": [key["AttributeName"] for key in ledger["KeySchema"]],
        "index": index["IndexName"],
        "index_key": [key["AttributeName"] for key in index["KeySchema"]],
        "ends_at": ledger["TimeToLiveSpecification"]["AttributeName"],
    }
    assert found == WIRE["ledger"]


def test_namespace_of_the_metrics_is_as_listed() -> None:
    """Alarms and dashboards of others may look there."""
    assert GLOBALS["POWERTOOLS_METRICS_NAMESPACE"] == VALUES["metrics"]["namespace"]


def test_handlers_and_variables_are_as_listed() -> None:
    """Each function's handler, and the variables that it is given."""
    found = {
        name: {
            "handler": function["Handler"],
            "variables": sorted({**GLOBALS, **function["Environment"]["Variables"]}),
        }
        for name, function in TEMPLATE.of_type(FUNCTION).items()
    }
    assert found == FUNCTIONS


@pytest.mark.parametrize("function", EVENTS)
def test_functions_ask_for_the_variables_that_they_are_given(
    account: Account, function: str
) -> None:
    """The code asks for all that its function is given, and for none that no function is given."""
    secrets = {"TOKEN_SECRET_ID": "token", "CREDENTIALS_SECRET_ID": "credentials"}
    environment = Environment(account, function, **secrets)
    with contextlib.suppress(*ENDS.get(function, ())):
        environment.invoke(EVENTS[function])
    given = {name for name in FUNCTIONS[function]["variables"] if not name.startswith(POWERTOOLS)}
    assert given <= environment.variables.read
    assert environment.variables.read <= {
        name for function in FUNCTIONS.values() for name in function["variables"]
    }
