"""send_invites.telemetry: the log."""

import json

import pytest

from invites.errors import Code
from invites.outcome import Outcome, Reply, Verdict
from unit.reporting import REFUSED, report, result


def test_a_line_for_each_person(request: pytest.FixtureRequest) -> None:
    """A line has the ids, the verdict, its reason and what follows; a failure stands out."""
    line, second = report(request, [result(REFUSED), result(Outcome(Verdict.INVITED), 2)], {})
    expected = {
        "level": "ERROR",
        "message": "stop",
        "message_id": "message-1",
        "event_id": "evt-1",
        "source": "hr_system",
        "tenant": "/hr",
        "event_type": "person.*",
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
        (Verdict.SPLIT, "INFO"),
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


def test_a_message_that_sqs_did_not_settle(request: pytest.FixtureRequest) -> None:
    """It has a line of its own, with the message's id."""
    _, line = report(request, [result(REFUSED)], {"message-1": "ReceiptHandleIsInvalid"})
    assert (line["level"], line["message"]) == ("WARNING", "message not settled")
    assert (line["message_id"], line["error"]) == ("message-1", "ReceiptHandleIsInvalid")
    assert line["function_request_id"] == "request-1"


def test_why_it_was_given_up(request: pytest.FixtureRequest) -> None:
    """A message that ran out of tries is told of with its last cause."""
    outcome = Outcome(Verdict.STOP, Code.RETRIES_EXHAUSTED, cause=Code.THROTTLED)
    (line,) = report(request, [result(outcome)], {})
    assert (line["code"], line["cause"]) == ("retries_exhausted", "throttled")


def test_an_answer_about_somebody_else(request: pytest.FixtureRequest) -> None:
    """The invitation's own line is a warning, which the field tells apart from all others."""
    other = Outcome(Verdict.INVITED, reply=Reply(names_other=True))
    line, usual = report(request, [result(other), result(Outcome(Verdict.INVITED), 2)], {})
    assert (line["level"], line["message"], line["names_other"]) == ("WARNING", "invited", True)
    assert (usual["level"], "names_other" in usual) == ("INFO", False)


def test_roles_that_differ(request: pytest.FixtureRequest) -> None:
    """Somebody who keeps other roles than this event asks for is a warning, with a field of it."""
    pinned = Outcome(Verdict.ALREADY_INVITED, roles_differ=True)
    line, usual = report(request, [result(pinned), result(Outcome(Verdict.ALREADY_INVITED), 2)], {})
    told = (line["level"], line["message"], line["roles_differ"], line["event_id"])
    assert told == ("WARNING", "already_invited", True, "evt-1")
    assert (usual["level"], "roles_differ" in usual) == ("INFO", False)
