"""send_invites.metrics: how long things took, how the API answered, who still waits."""

import json
from dataclasses import replace
from typing import Any

import pytest

from invites.errors import Code
from invites.outcome import Outcome, Reply, Verdict
from send_invites.metrics import MeteredCall
from support.build import NOW, SENT_AT
from unit.reporting import REFUSED, report, result

INVITED = Outcome(Verdict.INVITED, reply=Reply(201, answered_at=NOW))
RETRIED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, reply=Reply(500, answered_at=NOW))


def read(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The metrics that were written, by line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_from_the_send_to_the_invite(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """One value for each who was invited: up to the API's answer, not to the batch's end."""
    late = replace(INVITED, reply=Reply(201, answered_at=NOW + 3600))
    known = Outcome(Verdict.ALREADY_INVITED, reply=Reply(422, answered_at=NOW))
    results = [result(one, number) for number, one in enumerate([INVITED, late, known, RETRIED])]
    report(request, results, {})
    (emf,) = read(capsys)
    assert emf["InviteLatency"] == [NOW - SENT_AT, NOW + 3600 - SENT_AT]


def test_clocks_that_differ(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """An invite that seems to be older than its signup took no time."""
    report(request, [result(replace(INVITED, reply=Reply(201, answered_at=SENT_AT - 0.1)))], {})
    assert read(capsys)[0]["InviteLatency"] == [0.0]


def test_nobody_invited(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    """No latency is written where there is none: a zero would be the best of all."""
    report(request, [result(REFUSED)], {})
    (emf,) = read(capsys)
    assert not {"InviteLatency", "ApiLatency"} & emf.keys()


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (201, "Api2xx"),
        (302, "Api3xx"),
        (401, "Api4xx"),
        (422, "Api4xx"),
        (429, "Api429"),
        (500, "Api5xx"),
        (999, "Api5xx"),
        (None, "ApiNoAnswer"),
    ],
)
def test_the_apis_answers(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    status: int | None,
    name: str,
) -> None:
    """Each call counts once, by its kind of status, with its time; there are no other names."""
    report(
        request, [result(REFUSED)], {}, calls=[MeteredCall(status, 0.25), MeteredCall(status, 2.0)]
    )
    (emf,) = read(capsys)
    assert emf["ApiLatency"] == [0.25, 2.0]
    counts = {
        key: value for key, value in emf.items() if key.startswith("Api") and key != "ApiLatency"
    }
    assert {key for key, value in counts.items() if value != [0]} == {name}
    assert counts[name] == [2]
    assert len(counts) == 6


@pytest.mark.parametrize(
    ("outcomes", "age"),
    [
        ([INVITED], 0.0),
        ([REFUSED], 0.0),
        ([INVITED, RETRIED], NOW - SENT_AT),
        ([Outcome(Verdict.PAUSE, Code.UNAVAILABLE)], NOW - SENT_AT),
    ],
)
def test_the_oldest_that_still_waits(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    outcomes: list[Outcome],
    age: float,
) -> None:
    """Its age, if it is to be tried again; who is done or on the way to the dead letters is not."""
    report(request, [result(one, number) for number, one in enumerate(outcomes)], {})
    assert read(capsys)[0]["OldestWaitingAge"] == [age]


def test_more_calls_than_fit_into_one_line(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """None is lost, none counted twice, and the counts are in one line."""
    calls = [MeteredCall(201, float(number)) for number in range(250)]
    report(request, [result(INVITED, number) for number in range(250)], {}, calls=calls)
    lines = read(capsys)
    assert [one for line in lines for one in line.get("ApiLatency", [])] == [
        c.seconds for c in calls
    ]
    assert sum(len(line.get("InviteLatency", [])) for line in lines) == 250
    assert [line["Invited"] for line in lines if "Invited" in line] == [[250]]
    assert all(line["service"] == "test" for line in lines)
