"""send_invites.telemetry: the metrics."""

import json

import pytest

from invites.errors import Code
from invites.outcome import Outcome, Reply, Verdict
from support.build import NOW, SENT_AT
from unit.reporting import REFUSED, report, result

STATUSES = ["Api2xx", "Api3xx", "Api4xx", "Api429", "Api5xx", "ApiNoAnswer"]


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
def test_a_mass_stop(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], is_mass_stop: bool
) -> None:
    """A pause because of our own mistake has a metric of its own, which an alarm watches."""
    report(request, [result(REFUSED)], {}, is_mass_stop=is_mass_stop)
    assert json.loads(capsys.readouterr().out)["MassStop"] == [int(is_mass_stop)]


@pytest.mark.parametrize("code", [Code.TOKEN_REFUSED, Code.TOKEN_UNUSABLE])
def test_no_usable_token(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], code: Code
) -> None:
    """A token that is refused or missing has a metric of its own; another pause does not count."""
    pauses = [Outcome(Verdict.PAUSE, one) for one in (code, code, Code.UNAVAILABLE)]
    report(request, [result(one) for one in pauses], {})
    assert json.loads(capsys.readouterr().out)["TokenUnusable"] == [2]


def test_answers_about_somebody_else(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are counted besides being invitations; an alarm watches the count."""
    outcomes = [
        Outcome(Verdict.INVITED, reply=Reply(names_other=one)) for one in (True, False, True)
    ]
    report(request, [result(one, number) for number, one in enumerate(outcomes)], {})
    line = json.loads(capsys.readouterr().out)
    assert (line["Invited"], line["AnsweredForOthers"]) == ([3], [2])


def test_roles_that_differ(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are counted besides being people who were invited already."""
    outcomes = [Outcome(Verdict.ALREADY_INVITED, roles_differ=one) for one in (True, False, True)]
    report(request, [result(one, number) for number, one in enumerate(outcomes)], {})
    line = json.loads(capsys.readouterr().out)
    assert (line["AlreadyInvited"], line["RolesDiffer"]) == ([3], [2])


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


@pytest.mark.parametrize("code", [Code.NOT_A_SIGNUP, Code.DOMAIN_NOT_ALLOWED])
def test_what_is_ignored_has_one_count(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], code: Code
) -> None:
    """From which source and for which reason is in the log: as dimensions each would be billed."""
    report(request, [result(Outcome(Verdict.IGNORED, code), number) for number in range(2)], {})
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert line["Ignored"] == [2]
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert declared["Dimensions"] == [["service"]]
