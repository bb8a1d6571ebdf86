"""send_invites.telemetry: the log lines of a batch."""

import io
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from send_invites.telemetry import Telemetry
from support.build import DEADLINE, NOW, message, processor, signup
from support.fakes import INVITED, FakeSender, MemoryLedger
from support.reporting import REFUSED, job, report


def test_each_message_has_a_line_with_its_ids_verdict_and_reason(
    request: pytest.FixtureRequest,
) -> None:
    line, second = report(request, [job(REFUSED), job(Outcome(Verdict.INVITED), 2)])
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
def test_a_stop_is_an_error_and_a_retry_a_warning(
    request: pytest.FixtureRequest, verdict: Verdict, level: str
) -> None:
    (line,) = report(request, [job(Outcome(verdict))])
    assert line["level"] == level


@pytest.mark.parametrize("event_id", ["marked@example.test", "marked name", "x" * 129, None])
def test_an_event_id_that_may_be_personal_is_not_logged(
    request: pytest.FixtureRequest, event_id: str | None
) -> None:
    lines = report(request, [job(REFUSED, event_id=event_id)])
    assert len(lines) == 1
    assert lines[0].get("event_id") is None
    assert "marked" not in json.dumps(lines)


def test_a_message_that_sqs_did_not_settle_has_a_line_of_its_own(
    request: pytest.FixtureRequest,
) -> None:
    _, line = report(request, [job(REFUSED)], {"message-1": "ReceiptHandleIsInvalid"})
    assert (line["level"], line["message"]) == ("WARNING", "message not settled")
    assert (line["message_id"], line["error"]) == ("message-1", "ReceiptHandleIsInvalid")
    assert line["function_request_id"] == "request-1"


def test_a_message_that_ran_out_of_tries_names_its_last_cause(
    request: pytest.FixtureRequest,
) -> None:
    outcome = Outcome(Verdict.STOP, Code.RETRIES_EXHAUSTED, cause=Code.THROTTLED)
    (line,) = report(request, [job(outcome)])
    assert (line["code"], line["cause"]) == ("retries_exhausted", "throttled")


def test_an_answer_about_another_person_is_a_warning_with_a_field_of_its_own(
    request: pytest.FixtureRequest,
) -> None:
    other = Outcome(Verdict.INVITED, reply=Reply(names_other=True))
    line, usual = report(request, [job(other), job(Outcome(Verdict.INVITED), 2)])
    assert (line["level"], line["message"], line["names_other"]) == ("WARNING", "invited", True)
    assert (usual["level"], "names_other" in usual) == ("INFO", False)


def test_roles_that_differ_are_a_warning_with_a_field_of_its_own(
    request: pytest.FixtureRequest,
) -> None:
    pinned = Outcome(Verdict.ALREADY_INVITED, roles_differ=True)
    line, usual = report(request, [job(pinned), job(Outcome(Verdict.ALREADY_INVITED), 2)])
    found = (line["level"], line["message"], line["roles_differ"], line["event_id"])
    assert found == ("WARNING", "already_invited", True, "evt-1")
    assert (usual["level"], "roles_differ" in usual) == ("INFO", False)


PEOPLE = 100
DENIED = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, reply=Reply(403))
OUTCOMES = [INVITED, Outcome(Verdict.ALREADY_INVITED, reply=Reply(422)), REFUSED, DENIED]


def outcome_of(number: int) -> Outcome:
    """Each person's outcome differs from the next one's."""
    return OUTCOMES[number % len(OUTCOMES)]


def test_a_hundred_parallel_calls_have_lines_of_their_own_and_exact_sums(
    capsys: pytest.CaptureFixture[str],
) -> None:
    barrier, stream = Barrier(PEOPLE, timeout=30), io.StringIO()

    def answer(invite: Invite) -> Outcome:
        barrier.wait()
        return outcome_of(int(invite.email.removeprefix("person").partition("@")[0]))

    logger = Logger(service="test-threads", stream=stream)
    telemetry = Telemetry(logger, Metrics(namespace="Test", service="test"))
    with ThreadPoolExecutor(PEOPLE) as threads:
        batch = [message(signup(number), number) for number in range(PEOPLE)]
        parts = processor(FakeSender(answer), MemoryLedger(), threads)
        jobs = parts.process(batch, DEADLINE).jobs
        telemetry.report(jobs, {}, "request-1", calls=[], now=NOW, is_mass_stop=False)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    logged = [(line["message_id"], line["event_id"], line["message"]) for line in lines]
    assert logged == [
        (f"message-{n}", f"evt-{n}", outcome_of(n).verdict.value) for n in range(PEOPLE)
    ]
    sums = Counter(outcome_of(number).verdict for number in range(PEOPLE))
    emf = json.loads(capsys.readouterr().out)
    assert (emf["Received"], emf["Invited"]) == ([PEOPLE], [sums[Verdict.INVITED]])
    assert (emf["AlreadyInvited"], emf["Stopped"]) == ([25], [sums[Verdict.STOP]])
    assert (emf["Retried"], emf["Paused"], emf["Split"]) == ([25], [0], [0])
