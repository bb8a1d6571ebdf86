"""send_invites.telemetry: sums and ids are right although people are sent for in threads."""

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

PEOPLE = 100
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, reply=Reply(422))
DENIED = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, reply=Reply(403))
OUTCOMES = [INVITED, Outcome(Verdict.ALREADY_INVITED, reply=Reply(422)), REFUSED, DENIED]


def outcome_of(number: int) -> Outcome:
    """Of each person another than of their neighbour."""
    return OUTCOMES[number % len(OUTCOMES)]


def test_a_hundred_people(capsys: pytest.CaptureFixture[str]) -> None:
    """All calls overlap, yet each line has its own ids and verdict, and the sums are exact."""
    barrier, stream = Barrier(PEOPLE, timeout=30), io.StringIO()

    def answer(invite: Invite) -> Outcome:
        barrier.wait()
        return outcome_of(int(invite.email.removeprefix("person").partition("@")[0]))

    logger = Logger(service="test-threads", stream=stream)
    telemetry = Telemetry(logger, Metrics(namespace="Test", service="test"))
    with ThreadPoolExecutor(PEOPLE) as threads:
        batch = [message(signup(number), number) for number in range(PEOPLE)]
        parts = processor(FakeSender(answer), MemoryLedger(), threads)
        results = parts.process(batch, DEADLINE).jobs
        telemetry.report(results, {}, "request-1", calls=[], now=NOW, is_mass_stop=False)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    told = [(one["message_id"], one["event_id"], one["message"]) for one in lines]
    assert told == [
        (f"message-{n}", f"evt-{n}", outcome_of(n).verdict.value) for n in range(PEOPLE)
    ]
    sums = Counter(outcome_of(number).verdict for number in range(PEOPLE))
    emf = json.loads(capsys.readouterr().out)
    assert (emf["Received"], emf["Invited"]) == ([PEOPLE], [sums[Verdict.INVITED]])
    assert (emf["AlreadyInvited"], emf["Stopped"]) == ([25], [sums[Verdict.STOP]])
    assert (emf["Retried"], emf["Paused"], emf["Split"]) == ([25], [0], [0])
