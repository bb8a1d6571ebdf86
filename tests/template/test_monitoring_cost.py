"""What the documents say of the cost of monitoring: metrics, alarms, and their sum."""

import io
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger, Metrics

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Reply, Verdict
from invites.reading.reader import load_reader
from invites.rules.admission import Admission, AllowDenyList
from invites.token import TokenReport
from send_invites.metrics import MeteredCall
from send_invites.telemetry import Telemetry
from support.build import DEADLINE, NOW, InlineExecutor, message, processor
from support.fakes import FakeSender, MemoryLedger
from support.reporting import job
from support.samples import SAMPLES
from template.monitoring import ALARM, alarm_metrics
from template.reading import Template

DOCUMENT = Path(__file__).parents[2] / "docs" / "explanation" / "performance-and-cost.md"
NOBODY = AllowDenyList(frozenset({"nobody.example"}))
# Each shuts out everybody, by another list.
READERS = [
    load_reader(("Artist",), admission)
    for admission in (
        Admission(),
        Admission(domains=NOBODY),
        Admission(tenants=NOBODY),
        Admission(sources=NOBODY),
    )
]
# Amazon CloudWatch pricing, us-east-1, USD a month: a custom metric, a metric that an alarm
# watches, a dashboard.
METRIC, ALARM_METRIC, DASHBOARD = 0.30, 0.10, 3.00


def numbers() -> list[float]:
    """The numbers in the document's paragraph, in the order in which they stand there."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("**What it costs.** ")[2]
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text.partition("\n\n")[0])]


def traffic() -> Iterator[Sequence[Job]]:
    """Batches of all samples by each list, and of every outcome that can be made."""
    for reader in READERS:
        parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), reader)
        bodies = [path.read_text(encoding="utf-8") for path in SAMPLES]
        yield parts.process([message(body, n) for n, body in enumerate(bodies)], DEADLINE).jobs
    for verdict, code in itertools.product(Verdict, (*Code, None)):
        yield [job(Outcome(verdict, code, reply=Reply(answered_at=NOW)))]


def written(capsys: pytest.CaptureFixture[str]) -> Iterator[set[tuple[str, ...]]]:
    """Line by line the metrics: namespace, name, and the dimensions' names and values."""
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        yield {
            (directive["Namespace"], metric["Name"], *(f"{name}={line[name]}" for name in names))
            for directive in line["_aws"]["CloudWatchMetrics"]
            for names in directive["Dimensions"]
            for metric in directive["Metrics"]
        }


def test_no_traffic_writes_more_metrics_than_the_document_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """AWS bills each combination of name and dimensions: all that can come about are counted."""
    telemetry = Telemetry(
        Logger("cost", stream=io.StringIO()), Metrics(namespace="Cost", service="cost")
    )
    statuses = [MeteredCall(status, 0.1) for status in (None, *range(100, 600), 999)]
    for number, results in enumerate(traffic()):
        telemetry.report_token(TokenReport(bool(number % 2), bool(number % 3)), "request")
        calls = statuses if number % 2 else []
        telemetry.report(results, {}, "request", calls=calls, now=NOW, is_mass_stop=number > 9)
    metrics = set().union(*written(capsys))
    most, each_batch = numbers()[:2]
    assert len(metrics) == most, sorted(metrics)
    assert each_batch == most - len([name for _, name, *_ in metrics if name.endswith("Latency")])


def test_document_has_the_number_of_alarms_and_the_sum(template: Template) -> None:
    """From a stack without a rotation and a bus to one with both; AWS bills the metrics watched."""
    alarms = [
        [name for name in template.of_type(ALARM) if template.resources[name]["Condition"] in made]
        for made in ({"IsMonitored"}, {"IsMonitored", "IsRotationMonitored", "IsRuleMonitored"})
    ]
    watched = [sum(len(alarm_metrics(template, name)) for name in names) for names in alarms]
    metrics = numbers()[0]
    sums = [round(metrics * METRIC + count * ALARM_METRIC + DASHBOARD, 2) for count in watched]
    prices = [METRIC, ALARM_METRIC, DASHBOARD]
    assert numbers()[2:11] == [*map(len, alarms), *watched, *prices, *sums]
