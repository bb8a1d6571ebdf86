"""No reason and no log line names a person or holds the token."""

import io
import json

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, CallError, UnreachableError
from invites.invite import Invite
from invites.job import Job
from invites.reading.reader import load_reader
from invites.retry import Fate
from invites.rules.admission import Admission, AllowDenyList
from invites.sending.dispatcher import InviteSender
from invites.sending.sender import Sender
from send_invites.telemetry import Telemetry
from support.build import (
    DEADLINE,
    NOW,
    InlineExecutor,
    cloud_event,
    cloud_event_base64,
    eventbridge,
    message,
    processor,
    sns,
)
from support.fakes import FakeApi, FakeClaims, FakeSender, FakeTokens, MemoryLedger

MARK = "marked"
EMAIL = f"{MARK}.person@{MARK}.test"
DATA = {"email": EMAIL, "name": MARK, "department": MARK}
TOKEN = f"7|{MARK}"


def captured_log(body: object, sender: InviteSender) -> tuple[Job, str]:
    """Process one message; return its job, and all that is logged and kept about it."""
    ledger, stream = MemoryLedger(), io.StringIO()
    domains = AllowDenyList(frozenset({f"{MARK}.test"}))
    reader = load_reader(("Artist",), Admission(domains=domains))
    parts = processor(sender, ledger, InlineExecutor(), reader)
    jobs = parts.process([message(body)], DEADLINE).jobs
    telemetry = Telemetry(Logger(service=f"t{id(stream)}", stream=stream), Metrics("Test", "t"))
    telemetry.report(jobs, {}, "request-1", calls=[], now=NOW, is_mass_stop=False)
    return jobs[0], f"{stream.getvalue()} {ledger.rows!r}"


def sender_of(api: FakeApi) -> Sender:
    """The real sender, in front of this API."""
    return Sender(
        api,
        FakeTokens([TOKEN]),
        FakeClaims(),
        lambda: NOW,
        call_seconds=20.0,
        email_taken=EMAIL_TAKEN,
    )


@pytest.mark.parametrize(
    "body",
    [
        MARK,
        f'{{"email": "{EMAIL}"',
        f'["{EMAIL}"]',
        f'{{"{MARK}": 1, "{MARK}": "{EMAIL}"}}',
        f'{{"{MARK}": NaN}}',
        f'{{"email": "{EMAIL}", "{MARK}": 1}}',
        {**sns({}), "Message": MARK},
        {**sns({}), "Message": [MARK]},
        sns(cloud_event({**DATA, "email": f"{MARK} at home"})),
        eventbridge(DATA, MARK),
        cloud_event(DATA, MARK),
        cloud_event(MARK),
        cloud_event([DATA]),
        cloud_event_base64(MARK.encode()),
        cloud_event_base64(f'{{"email": "{MARK}\xff"}}'.encode("latin-1")),
        cloud_event({**DATA, "email": None}),
        cloud_event({**DATA, "email": [EMAIL]}),
        cloud_event({**DATA, "email": f"{MARK}@{MARK}"}),
        cloud_event({**DATA, "email": f"{MARK} <{EMAIL}>"}),
        cloud_event({**DATA, "email": MARK * 100}),
        cloud_event({**DATA, "email": EMAIL + "\n\0"}, event_id=EMAIL),
        cloud_event({**DATA, "roles": MARK}, event_id=EMAIL),
        cloud_event({**DATA, "email": f"{MARK}@elsewhere.test"}, event_id=EMAIL),
        cloud_event(DATA, f"uk.spacemedia.signup.{MARK}", event_id=EMAIL),
    ],
)
def test_nothing_of_a_refused_event_is_repeated(body: object) -> None:
    sender = FakeSender()
    _, text = captured_log(body, sender)
    assert sender.sent == []
    assert "message-1" in text
    assert MARK not in text


@pytest.mark.parametrize(
    "answer",
    [
        Answer(422, {}, json.dumps({"errors": {"email": [f"{EMAIL} is no address."]}}).encode()),
        Answer(400, {}, json.dumps({"message": f"User <{EMAIL}> is suspended"}).encode()),
        Answer(500, {}, json.dumps({"message": f"Duplicate entry '{EMAIL}-5' for key"}).encode()),
        Answer(403, {}, f"<html>{EMAIL}</html>".encode()),
        Answer(403, {}, json.dumps({"message": f"{TOKEN} may not"}).encode()),
        Answer(402, {}, json.dumps({"message": f"of ({MARK}.PERSON, 1)"}).encode()),
        Answer(200, {"location": EMAIL}, f"<html>{EMAIL}</html>".encode()),
        Answer(201, {}, json.dumps({"data": [{"name": MARK}]}).encode()),
        BrokenCallError("no complete answer: ProtocolError"),
        UnreachableError("no connection: NewConnectionError"),
    ],
)
def test_what_the_api_says_is_repeated_without_the_address_that_it_quotes(
    answer: Answer | CallError,
) -> None:
    api = FakeApi(answer)
    sender = sender_of(api)
    job, text = captured_log(cloud_event(DATA, event_id=EMAIL), sender)
    assert api.calls == [(Invite(EMAIL, ("Artist",)), TOKEN)]
    assert job.disposition.fate is not Fate.DELETE
    assert MARK not in text


def test_of_an_unexpected_error_only_its_kind_and_place_are_logged() -> None:
    sender = sender_of(FakeApi(KeyError(EMAIL)))
    _, text = captured_log(cloud_event(DATA, event_id=EMAIL), sender)
    assert "KeyError at fakes.py:" in text
    assert MARK not in text


def test_the_log_line_of_an_invitation_does_not_name_the_person() -> None:
    sender = FakeSender()
    _, text = captured_log(cloud_event(DATA, event_id=EMAIL), sender)
    assert sender.sent == [EMAIL]
    assert '"message":"invited"' in text
    assert MARK not in text


@pytest.mark.parametrize("email", [f"another.{MARK}@{MARK}.test", f"{MARK}, {EMAIL}", MARK])
def test_an_answer_about_another_person_is_logged_without_either_address(email: str) -> None:
    answer = Answer(201, {}, json.dumps({"data": [{"email": email, "name": MARK}]}).encode())
    job, text = captured_log(cloud_event(DATA, event_id=EMAIL), sender_of(FakeApi(answer)))
    assert job.disposition.fate is Fate.DELETE
    assert '"names_other":true' in text
    assert MARK not in text
