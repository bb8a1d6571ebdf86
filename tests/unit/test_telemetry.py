"""send_invites.telemetry."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.batch import Result
from invites.disposition import Disposition, Fate
from invites.errors import Code
from invites.outcome import Outcome, Verdict
from send_invites.telemetry import Telemetry
from support.build import message

REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", 422)


def result(outcome: Outcome, number: int = 1, event_id: str | None = "evt-1") -> Result:
    """What became of a message with one person."""
    fate = Fate.STOP if outcome.verdict.fails else Fate.DELETE
    body = '{"email": "marked@example.test"}'
    return Result(message(body, number, receives=2), event_id, (outcome,), Disposition(fate))


def report(
    request: pytest.FixtureRequest, results: Sequence[Result], not_hidden: dict[str, str]
) -> list[dict[str, Any]]:
    """Report a batch; give the log lines."""
    # Powertools keeps one logger for each service name.
    stream, service = io.StringIO(), f"test-{id(request.node)}"
    logger = Logger(service=service, stream=stream)
    Telemetry(logger, Metrics(namespace="Test", service="test")).report(
        results, not_hidden, "request-1"
    )
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_for_each_person(request: pytest.FixtureRequest) -> None:
    """A line has the ids, the verdict, its reason and what follows; a failure stands out."""
    line, second = report(request, [result(REFUSED), result(Outcome(Verdict.INVITED), 2)], {})
    expected = {
        "level": "ERROR",
        "message": "stop",
        "message_id": "message-1",
        "event_id": "evt-1",
        "function_request_id": "request-1",
        "code": "refused_by_api",
        "detail": "the API refuses",
        "status": 422,
        "attempt": 2,
        "fate": "stop",
        "wait_seconds": 0,
    }
    assert {key: line.get(key) for key in expected} == expected
    assert (second["level"], second["message"], second["message_id"]) == (
        "INFO",
        "invited",
        "message-2",
    )


@pytest.mark.parametrize(
    ("verdict", "level"),
    [
        (Verdict.INVITED, "INFO"),
        (Verdict.ALREADY_INVITED, "INFO"),
        (Verdict.IGNORED, "INFO"),
        (Verdict.RETRY, "WARNING"),
        (Verdict.PAUSE, "WARNING"),
        (Verdict.STOP, "ERROR"),
    ],
)
def test_levels(request: pytest.FixtureRequest, verdict: Verdict, level: str) -> None:
    """What a person must look at is an error, what passes by itself a warning."""
    (line,) = report(request, [result(Outcome(verdict))], {})
    assert line["level"] == level


@pytest.mark.parametrize("event_id", ["marked@example.test", "marked name", "x" * 129, None])
def test_an_id_that_may_be_personal(request: pytest.FixtureRequest, event_id: str | None) -> None:
    """An event id that does not look like one is not logged, nor is the body."""
    lines = report(request, [result(REFUSED, event_id=event_id)], {})
    assert len(lines) == 1
    assert lines[0].get("event_id") is None
    assert "marked" not in json.dumps(lines)


def test_a_visibility_that_was_not_changed(request: pytest.FixtureRequest) -> None:
    """It has a line of its own, with the message's id."""
    _, line = report(request, [result(REFUSED)], {"message-1": "ReceiptHandleIsInvalid"})
    assert (line["level"], line["message"]) == ("WARNING", "visibility not changed")
    assert (line["message_id"], line["error"]) == ("message-1", "ReceiptHandleIsInvalid")
    assert line["function_request_id"] == "request-1"


def test_metrics(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    """One EMF line has the exact sums of the batch, zeros among them."""
    counts = {Verdict.INVITED: 60, Verdict.ALREADY_INVITED: 25, Verdict.STOP: 10, Verdict.PAUSE: 5}
    verdicts = [verdict for verdict, count in counts.items() for _ in range(count)]
    results = [result(Outcome(verdict), number) for number, verdict in enumerate(verdicts)]
    assert len(report(request, results, {})) == 100
    (line,) = capsys.readouterr().out.splitlines()
    expected = {
        "Received": [100],
        "Invited": [60],
        "AlreadyInvited": [25],
        "Ignored": [0],
        "Retried": [0],
        "Paused": [5],
        "Stopped": [10],
    }
    emf = json.loads(line)
    assert {name: emf[name] for name in expected} == expected
    (declared,) = emf["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in declared["Metrics"]} == expected.keys()


def test_batches_do_not_add_up(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each batch has its own numbers."""
    for _ in range(2):
        report(request, [result(REFUSED)], {})
    assert [json.loads(line)["Stopped"] for line in capsys.readouterr().out.splitlines()] == [
        [1]
    ] * 2


def test_an_empty_batch(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing received, nothing written."""
    assert report(request, [], {}) == []
    assert capsys.readouterr().out == ""
