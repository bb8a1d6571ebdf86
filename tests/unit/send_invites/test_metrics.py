"""send_invites.metrics: counts, times and the measured calls."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_lambda_powertools import Metrics

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, Code, UnreachableError
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.sender import Sender
from send_invites.metrics import MeteredApi, MeteredCall
from support.build import DEADLINE, NOW, SENT_AT, VirtualClock
from support.fakes import FakeApi, FakeClaims, FakeTokens
from support.reporting import REFUSED, job, report

STATUSES = ["Api2xx", "Api3xx", "Api4xx", "Api429", "Api5xx", "ApiNoAnswer"]


@pytest.fixture(autouse=True)
def without_metrics_of_other_tests() -> None:
    """Powertools keeps metrics for the whole process, and an empty batch leaves some unwritten."""
    Metrics(namespace="Test", service="test").clear_metrics()


def test_a_batch_is_one_line_with_exact_sums_zeros_included(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {Verdict.INVITED: 60, Verdict.ALREADY_INVITED: 25, Verdict.STOP: 10, Verdict.PAUSE: 5}
    verdicts = [verdict for verdict, count in counts.items() for _ in range(count)]
    jobs = [job(Outcome(verdict), number) for number, verdict in enumerate(verdicts)]
    assert len(report(request, jobs)) == 100
    (line,) = capsys.readouterr().out.splitlines()
    expected = {
        "Received": [100],
        "Invited": [60],
        "AlreadyInvited": [25],
        "Ignored": [0],
        "Retried": [0],
        "Paused": [5],
        "Stopped": [10],
        "Split": [0],
        "MassStop": [0],
        "TokenUnusable": [0],
        "AnsweredForOthers": [0],
        "RolesDiffer": [0],
        "OldestWaitingAge": [NOW - SENT_AT],
        **{name: [0] for name in STATUSES},
    }
    emf = json.loads(line)
    assert {name: emf[name] for name in expected} == expected
    (declared,) = emf["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in declared["Metrics"]} == expected.keys()


@pytest.mark.parametrize("is_mass_stop", [False, True])
def test_a_mass_stop_has_a_metric_of_its_own(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], is_mass_stop: bool
) -> None:
    report(request, [job(REFUSED)], is_mass_stop=is_mass_stop)
    assert json.loads(capsys.readouterr().out)["MassStop"] == [int(is_mass_stop)]


@pytest.mark.parametrize("code", [Code.TOKEN_REFUSED, Code.TOKEN_UNUSABLE])
def test_a_token_that_is_refused_or_missing_has_a_metric_of_its_own(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], code: Code
) -> None:
    """Another pause does not count."""
    pauses = [Outcome(Verdict.PAUSE, cause) for cause in (code, code, Code.UNAVAILABLE)]
    report(request, [job(pause) for pause in pauses])
    assert json.loads(capsys.readouterr().out)["TokenUnusable"] == [2]


def test_answers_about_another_person_are_counted_besides_being_invitations(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [
        Outcome(Verdict.INVITED, reply=Reply(names_other=other)) for other in (True, False, True)
    ]
    report(request, [job(outcome, number) for number, outcome in enumerate(outcomes)])
    line = json.loads(capsys.readouterr().out)
    assert (line["Invited"], line["AnsweredForOthers"]) == ([3], [2])


def test_roles_that_differ_are_counted_besides_being_already_invited(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [
        Outcome(Verdict.ALREADY_INVITED, roles_differ=differ) for differ in (True, False, True)
    ]
    report(request, [job(outcome, number) for number, outcome in enumerate(outcomes)])
    line = json.loads(capsys.readouterr().out)
    assert (line["AlreadyInvited"], line["RolesDiffer"]) == ([3], [2])


def test_each_batch_has_its_own_numbers(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        report(request, [job(REFUSED)])
    assert [json.loads(line)["Stopped"] for line in capsys.readouterr().out.splitlines()] == [
        [1]
    ] * 2


def test_an_empty_batch_writes_nothing(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(request, []) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("code", [Code.NOT_A_SIGNUP, Code.DOMAIN_NOT_ALLOWED])
def test_ignored_people_have_one_count_without_dimensions(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], code: Code
) -> None:
    """The log has source and reason: AWS would bill each as a metric of its own."""
    report(request, [job(Outcome(Verdict.IGNORED, code), number) for number in range(2)])
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert line["Ignored"] == [2]
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert declared["Dimensions"] == [["service"]]


INVITED = Outcome(Verdict.INVITED, reply=Reply(201, answered_at=NOW))
RETRIED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, reply=Reply(500, answered_at=NOW))


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The metrics that were written, by line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_latency_of_an_invitation_ends_with_the_answer_of_the_api(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    late = replace(INVITED, reply=Reply(201, answered_at=NOW + 3600))
    known = Outcome(Verdict.ALREADY_INVITED, reply=Reply(422, answered_at=NOW))
    jobs = [job(outcome, number) for number, outcome in enumerate([INVITED, late, known, RETRIED])]
    report(request, jobs)
    (emf,) = written(capsys)
    assert emf["InviteLatency"] == [NOW - SENT_AT, NOW + 3600 - SENT_AT]


def test_clocks_that_differ_make_no_latency_below_zero(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    report(request, [job(replace(INVITED, reply=Reply(201, answered_at=SENT_AT - 0.1)))])
    assert written(capsys)[0]["InviteLatency"] == [0.0]


def test_without_a_call_there_is_no_latency(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """A zero would be the best latency of all."""
    report(request, [job(REFUSED)])
    (emf,) = written(capsys)
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
def test_each_call_counts_once_by_its_kind_of_status(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    status: int | None,
    name: str,
) -> None:
    report(request, [job(REFUSED)], calls=[MeteredCall(status, 0.25), MeteredCall(status, 2.0)])
    (emf,) = written(capsys)
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
def test_the_oldest_waiting_age_is_of_a_retried_message_or_zero(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    outcomes: list[Outcome],
    age: float,
) -> None:
    report(request, [job(outcome, number) for number, outcome in enumerate(outcomes)])
    assert written(capsys)[0]["OldestWaitingAge"] == [age]


def test_of_more_calls_than_fit_into_a_line_none_is_lost_or_counted_twice(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = [MeteredCall(201, float(number)) for number in range(250)]
    report(request, [job(INVITED, number) for number in range(250)], calls=calls)
    lines = written(capsys)
    found = [seconds for line in lines for seconds in line.get("ApiLatency", [])]
    assert found == [call.seconds for call in calls]
    assert sum(len(line.get("InviteLatency", [])) for line in lines) == 250
    assert [line["Invited"] for line in lines if "Invited" in line] == [[250]]
    assert all(line["service"] == "test" for line in lines)


INVITE = Invite("ada@example.test", ("Artist",))
UNAUTHENTICATED = Answer(401, {}, b"{}")


class SlowApi:
    """Lets time pass, then calls another API."""

    def __init__(self, api: FakeApi, clock: VirtualClock, seconds: float) -> None:
        self._api = api
        self._clock = clock
        self._seconds = seconds

    def invite(self, invite: Invite, token: str) -> Answer:
        """Let time pass, then call."""
        self._clock.sleep(self._seconds)
        return self._api.invite(invite, token)


def metered(*answers: Answer | Exception) -> MeteredApi:
    """An API that gives these answers, each after 1.5 s."""
    clock = VirtualClock()
    return MeteredApi(SlowApi(FakeApi(*answers), clock, 1.5), clock.now)


def test_an_answer_is_passed_on_and_measured_once() -> None:
    api = metered(UNAUTHENTICATED)
    assert api.invite(INVITE, "token") is UNAUTHENTICATED
    assert api.take() == [MeteredCall(401, 1.5)]
    assert api.take() == []


@pytest.mark.parametrize("error", [UnreachableError("closed"), BrokenCallError("reset")])
def test_a_call_without_an_answer_is_measured_without_a_status(error: Exception) -> None:
    api = metered(error)
    with pytest.raises(type(error)):
        api.invite(INVITE, "token")
    assert api.take() == [MeteredCall(None, 1.5)]


def test_both_calls_for_a_person_are_measured() -> None:
    api = metered(UNAUTHENTICATED, UNAUTHENTICATED)
    sender = Sender(
        api,
        FakeTokens(["old", "new"]),
        FakeClaims(),
        VirtualClock().now,
        call_seconds=20.0,
        email_taken=EMAIL_TAKEN,
    )
    sender.send(INVITE, DEADLINE, DEADLINE)
    assert api.take() == [MeteredCall(401, 1.5)] * 2
