"""send_invites writes what `values.toml` says: to its log, its metrics, the ledger, the queue."""

import contextlib
import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract.wire.deployed import SECONDS_LEFT, VALUES, Account, Environment, record
from contract.wire.shown import matches, shown
from support.spacemedia.client import Step

SAMPLES = Path(__file__).parents[3] / "events"
FUNCTION = "SendInvitesFunction"
TOKEN = "7|a-token-of-the-test"  # noqa: S105 - of the stand-in
# The token of a letter whose first replay was accepted.
REPLAY_TOKEN = "0a1b2c3d-0000-4000-8000-000000000000"  # noqa: S105 - a word, not a password

# What the API answers, by the person's name.
ANSWERS: dict[str, dict[str, Any]] = {
    "another-answered": {"status": 201, "json": {"data": [{"email": "x@example.test"}]}},
    "bad-request": {"status": 400},
    "failed": {"status": 504},
    "interrupted": {"reset": "before"},
    "moved": {"redirect": "/login"},
    "nowhere": {"status": 404},
    "not-permitted": {"status": 403},
    "refused": {"status": 422, "json": {"errors": {"roles": ["No such role."]}}},
    "throttled": {"status": 429, "headers": {"Retry-After": "3600"}},
    "token-refused": {"status": 401},
    "unavailable": {"status": 503},
}
BODIES: dict[str, object] = {
    "ambiguous": {
        **json.loads((SAMPLES / "google_workspace/created.json").read_text(encoding="utf-8")),
        **json.loads((SAMPLES / "bamboohr/field-based-many.json").read_text(encoding="utf-8")),
    },
    "lookup": (SAMPLES / "entra/notification-created.json").read_text(encoding="utf-8"),
    "no-json": "prose",
    "no-signup": (SAMPLES / "okta/hook-session-start.json").read_text(encoding="utf-8"),
    "source-denied": (SAMPLES / "deel/worker-created.json").read_text(encoding="utf-8"),
    "unknown": {"type": "com.example.left"},
    "unverified": (SAMPLES / "auth0/stream-created.json").read_text(encoding="utf-8"),
}
LISTS = {
    "DENIED_EMAIL_DOMAINS": "denied.test",
    "DENIED_TENANTS": "/denied",
    "DENIED_SOURCES": "deel",
    "UNVERIFIED_REFUSED_SOURCES": "auth0",
}


# The people whose rows are checked.
PEOPLE = ("invited", "failed", "no-topic")


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch has written."""

    lines: list[dict[str, Any]]
    metrics: dict[str, Any]
    rows: dict[str, dict[str, str]]


def event(name: str, source: str = "", **data: object) -> dict[str, Any]:
    """Our own event of a person of that name."""
    head = {"specversion": "1.0", "type": "uk.spacemedia.signup.created", "id": f"evt-{name}"}
    person = {"email": f"{name}@example.test", **data}
    return {**head, "source": source or f"/{name}", "data": person}


def person_key(account: Account, name: str) -> str:
    """The key of the ledger's row on a person."""
    address = f"{account.api.url}\n{name}@example.test"
    return f"person#{hashlib.sha256(address.encode()).hexdigest()}"


def all_kinds(account: Account) -> list[dict[str, Any]]:
    """A batch with a message of each kind that can be beside the others."""
    later = int(time.time()) + 1000
    claimed = {"state": "in_progress", "held_until": later, "expires_at": later}
    invited = {**claimed, "state": "invited", "roles": ["Editor"]}
    account.put(pk=person_key(account, "known"), owner="other", **invited)
    account.put(pk=person_key(account, "held"), owner="other", roles=["Artist"], **claimed)
    # A row that no version of the code has written: reading it is a fault of ours.
    account.put(pk=person_key(account, "broken"), **claimed)
    account.put(pk="message#letter", replay_token=REPLAY_TOKEN, accepted_attempt=1)
    account.api.add_user("taken@example.test", "Artist")
    account.api.script(
        *(Step(email=f"{name}@example.test", **answer) for name, answer in ANSWERS.items())
    )
    people = ("invited", *ANSWERS, "taken", "known", "held", "broken")
    return [
        *(record(name, event(name)) for name in people),
        *(record(name, body) for name, body in BODIES.items()),
        record("admin", event("admin", roles=["Admin"])),
        record("domain-denied", event("domain-denied", email="ada@denied.test")),
        record("email-invalid", event("email-invalid", email="ada")),
        record("email-missing", event("email-missing", email=None)),
        record("list", [event("first"), event("second")]),
        record("list-in-a-list", [event("third")], part="list/2"),
        record("replayed", event("replayed"), replay=f"letter/{REPLAY_TOKEN}/2"),
        record("tenant-denied", event("tenant-denied", source="/denied")),
    ]


def run_batch(
    account: Account,
    records: Sequence[dict[str, Any]],
    seconds_left: float = SECONDS_LEFT,
    **changed: str,
) -> Run:
    """Process a batch in an environment of its own."""
    secret = {} if "TOKEN_SECRET_ID" in changed else {"TOKEN_SECRET_ID": account.secret(TOKEN)}
    environment = Environment(account, FUNCTION, **secret, **LISTS, **changed)
    environment.invoke({"Records": records}, seconds_left)
    (metrics,) = environment.metrics()
    names = {person_key(account, name): f"person#<{name}>" for name in PEOPLE}
    rows = {names.get(key, key): shown(row, names) for key, row in account.rows().items()}
    return Run(environment.lines(), metrics, rows)


def single(name: str, *body: object, **options: Any) -> Callable[[Account], Run]:  # noqa: ANN401
    """A batch of one message: of a person of that name, unless a body is given."""
    given = body[0] if body else event(name)
    return lambda account: run_batch(account, [record(name, given)], **options)


def last_receive(account: Account, name: str, status: int) -> Run:
    """A message is received for the last time before SQS moves it."""
    account.api.script(Step(email=f"{name}@example.test", status=status))
    return run_batch(account, [record(name, event(name), receives=20)])


def mass_stop(account: Account) -> Run:
    """Enough people of one source are refused to pause it."""
    names = [f"mass-stop-{number}" for number in range(5)]
    refused = {"errors": {"department": ["Not here."]}}
    account.api.script(
        *(Step(email=f"{name}@example.test", status=422, json=refused) for name in names)
    )
    return run_batch(account, [record(name, event(name, source="/mass-stop")) for name in names])


def paced(account: Account) -> Run:
    """One invitation a minute, and no time to wait for the second."""
    records = [record(name, event(name)) for name in ("paced-1", "paced-2")]
    return run_batch(account, records, 100.0, MAX_INVITES_PER_MINUTE="1")


def token_asked_for(account: Account) -> Run:
    """There is no token, but there is a rotation."""
    secret = account.secret("")
    return single("no-token", TOKEN_SECRET_ID=secret, ROTATION_FUNCTION_ARN="arn:rotate")(account)


def token_expired(account: Account) -> Run:
    """The token has ended by its own time, but the API takes it."""
    value = json.dumps({"token": TOKEN, "expires_at": "2026-01-01T00:00:00Z"})
    return single("token-expired", TOKEN_SECRET_ID=account.secret(value))(account)


def token_refused_after_rotation(account: Account) -> Run:
    """A token from a rotation that the function requested is refused."""
    account.put(pk="rotation", asked_at=int(time.time()) - 5, next_ask=int(time.time()) + 500)
    account.api.script(Step(email="renewed@example.test", status=401))
    return single("renewed", ROTATION_FUNCTION_ARN="arn:rotate")(account)


def token_unavailable(account: Account) -> Run:
    """Secrets Manager cannot be reached."""
    with nobody() as address:
        return single("token-unavailable", AWS_ENDPOINT_URL_SECRETS_MANAGER=address)(account)


def unreachable(account: Account) -> Run:
    """The API cannot be reached."""
    with nobody() as address:
        return single("unreachable", API_BASE_URL=address)(account)


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """An address at which nobody listens, and which nobody else takes."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


NO_QUEUE = {"SIGNUP_QUEUE_URL": "http://127.0.0.1/000000000000/none"}
NO_TOPIC = {"OUTCOME_TOPIC_ARN": "arn:aws:sns:eu-west-2:000000000000:none"}
RUNS: dict[str, Callable[[Account], Run]] = {
    "all kinds": lambda account: run_batch(account, all_kinds(account)),
    "a stop again": lambda account: run_batch(
        account, [record("refused", event("refused"), receives=2)]
    ),
    "last receive": lambda account: last_receive(account, "last-receive", 500),
    "last receive in a pause": lambda account: last_receive(account, "last-in-a-pause", 503),
    "mass stop": mass_stop,
    "no ledger": single("no-ledger", LEDGER_TABLE_NAME="none"),
    "no queue": single("no-queue", [event("no-queue")], **NO_QUEUE),
    "no time": single("no-time", seconds_left=20.0),
    "no topic": single("no-topic", **NO_TOPIC),
    "paced": paced,
    "token asked for": token_asked_for,
    "token expired": token_expired,
    "token refused after rotation": token_refused_after_rotation,
    "token unavailable": token_unavailable,
    "unreachable": unreachable,
}
# The batch after which each of the ledger's rows is checked.
ROWS = {
    "stop": "all kinds",
    "retry": "all kinds",
    "last_receive": "last receive",
    "claim": "all kinds",
    "invited": "all kinds",
    "invited_alone": "no topic",
    "pace": "paced",
    "rotation_asked_for": "token asked for",
    "rotation_of_no_use": "token refused after rotation",
}


@pytest.fixture(scope="module")
def runs(account: Account) -> dict[str, Run]:
    """All batches, one after the other."""
    account.api.add_token(TOKEN, ttl=None)
    return {name: process(account) for name, process in RUNS.items()}


@pytest.fixture(scope="module")
def lines(runs: dict[str, Run]) -> list[dict[str, Any]]:
    """All lines of the log."""
    return [line for run in runs.values() for line in run.lines]


def test_verdicts_codes_and_fates_are_as_listed(lines: list[dict[str, Any]]) -> None:
    """Each line on a message has a level, a verdict, a code and a fate that belong together."""
    found = {
        (line["level"], line["message"], line.get("code", ""), line["fate"])
        for line in lines
        if "fate" in line
    }
    assert sorted(found) == sorted(map(tuple, VALUES["outcomes"]))


def test_other_lines_of_the_log_are_as_listed(lines: list[dict[str, Any]]) -> None:
    """Lines that are about no outcome."""
    found = {(line["level"], line["message"]) for line in lines if "fate" not in line}
    assert sorted(found) == sorted(map(tuple, VALUES["log"]["send_invites"]["other_lines"]))


def test_fields_of_the_log_are_as_listed(lines: list[dict[str, Any]]) -> None:
    """All fields that any line has."""
    assert sorted({name for line in lines for name in line}) == sorted(
        VALUES["log"]["send_invites"]["fields"]
    )


def test_metrics_have_their_units_and_dimensions(runs: dict[str, Run]) -> None:
    """All metrics of all batches."""
    directives = [run.metrics["_aws"]["CloudWatchMetrics"][0] for run in runs.values()]
    metrics = [metric for directive in directives for metric in directive["Metrics"]]
    assert {metric["Name"]: metric["Unit"] for metric in metrics} == VALUES["metrics"]["units"]
    dimensions = [VALUES["metrics"]["dimensions"]]
    assert all(directive["Dimensions"] == dimensions for directive in directives)


@pytest.mark.parametrize("name", RUNS)
def test_each_metric_counts_what_it_is_named_after(runs: dict[str, Run], name: str) -> None:
    """After each batch these metrics are above zero, and no others."""
    units = VALUES["metrics"]["units"]
    found = [
        metric for metric, values in runs[name].metrics.items() if metric in units and any(values)
    ]
    assert sorted(found) == sorted(VALUES["metrics"]["above_zero"][name])


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_the_ledger_are_as_listed(runs: dict[str, Run], name: str) -> None:
    """A row has these attributes, with their types and values."""
    expected = VALUES["ledger"]["send_invites"][name]
    found = runs[ROWS[name]].rows[expected["pk"].removeprefix("S ")]
    assert matches(found, expected), found


@pytest.mark.usefixtures("runs")
def test_parts_of_a_list_are_marked(account: Account) -> None:
    """Each part carries the id of its list and its number."""
    attributes = [message["MessageAttributes"] for message in account.take(account.queue)]
    (name,) = {name for of_message in attributes for name in of_message}
    assert name == VALUES["message_attributes"]["part"]
    values = sorted(of_message[name]["StringValue"] for of_message in attributes)
    assert values == VALUES["message_attributes"]["parts_of_list"]


def test_parts_are_known_by_their_mark(lines: list[dict[str, Any]]) -> None:
    """A list in a part of a list is refused."""
    (line,) = (
        line for line in lines if line.get("message_id") == "list-in-a-list" and "code" in line
    )
    assert line["code"] == "malformed_body"


@pytest.mark.usefixtures("runs")
def test_outcome_topic_gets_the_listed_messages(account: Account) -> None:
    """A message is a JSON object with these fields, and has attributes to filter by."""
    published = {
        json.loads(message["Body"])["messageId"]: message
        for message in account.take(account.outcomes)
    }
    for expected in VALUES["outcome_topic"]["messages"]:
        body = json.loads(expected["body"])
        found = published[body["messageId"]]
        assert json.loads(found["Body"]) == body
        attributes = found["MessageAttributes"].items()
        values = {key: attribute["StringValue"] for key, attribute in attributes}
        assert values == expected["attributes"]


@pytest.mark.usefixtures("runs")
def test_invitation_is_posted_as_listed(account: Account) -> None:
    call = next(
        request
        for request in account.api.requests()
        if request.body["email"].startswith("invited@")
    )
    expected = VALUES["api"]["invite"]
    assert f"{call.method} {call.path}" == expected["call"]
    assert call.body == json.loads(expected["body"])
    assert {name: call.headers[name] for name in expected["headers"]} == expected["headers"]
