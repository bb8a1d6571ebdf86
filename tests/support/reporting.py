"""Reports a batch and reads its log lines, for the tests of telemetry and metrics."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Reply, Verdict
from invites.retry import Disposition, Fate
from invites.signup import Origin
from send_invites.metrics import MeteredCall
from send_invites.telemetry import Telemetry
from support.build import NOW, message
from support.jobs import job_done

REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", reply=Reply(422))
FATES = {Verdict.STOP: Fate.STOP, Verdict.RETRY: Fate.RETRY, Verdict.PAUSE: Fate.RETRY}


def job(outcome: Outcome, number: int = 1, event_id: str | None = "evt-1") -> Job:
    """A finished job of one person, at its second receive."""
    fate = FATES.get(outcome.verdict, Fate.DELETE)
    body = '{"email": "marked@example.test"}'
    received = message(body, number, receives=2)
    origin = Origin(event_id, "/hr", "hr_system", "person.created", "person.*")
    return job_done(outcome, received, Disposition(fate), origin)


def report(
    request: pytest.FixtureRequest,
    jobs: Sequence[Job],
    unsettled: dict[str, str] | None = None,
    *,
    calls: Sequence[MeteredCall] = (),
    is_mass_stop: bool = False,
) -> list[dict[str, Any]]:
    """Report a batch, and return the log lines."""
    # Powertools keeps one logger for each service name.
    stream, service = io.StringIO(), f"test-{id(request.node)}"
    logger = Logger(service=service, stream=stream)
    Telemetry(logger, Metrics(namespace="Test", service="test")).report(
        jobs, unsettled or {}, "request-1", calls=calls, now=NOW, is_mass_stop=is_mass_stop
    )
    return [json.loads(line) for line in stream.getvalue().splitlines()]
