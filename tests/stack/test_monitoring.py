"""The deployed stack writes what alarms, dashboard and queries read."""

import json
import time
from typing import Any

import pytest

from support.letters import take_letter
from support.spacemedia.client import StandIn, Step
from support.stack import Stack
from support.waiting import wait_until
from template.monitoring import (
    ALARM,
    Metric,
    alarm_metrics,
    queries,
    query_fields,
    widget_metrics,
    widgets,
)
from template.reading import Template

OWN = "SignupInvites"
LATENCY = 0.3
# The first wait is at least so long.
FIRST_WAIT = 12.0
MINUTE = 60.0
OF_THE_DOCUMENTATION = {"data": [{"email": "maya.chen@example.test"}]}


@pytest.fixture(scope="module")
def lines(stack: Stack, api: StandIn) -> list[dict[str, Any]]:
    """What was logged while two people were invited, one of them late, and others were not."""
    stack.renew_environments()
    since = time.time()
    api.configure(latency=LATENCY)
    try:
        _invite_one_late(stack, api)
        _exhaust_one(stack, api)
    finally:
        api.configure(latency=0.0)
        stack.renew_environments(MAX_RECEIVE_COUNT="20")
    return [json.loads(line) for line in stack.log(since).splitlines() if line.startswith("{")]


def _invite_one_late(stack: Stack, api: StandIn) -> None:
    """Besides, one is invited at once, one event is ignored, and one has no address.

    One is invited as in the vendor's documentation, whose answer is about another; one again, with
    other roles.
    """
    api.script(Step(email="delayed@example.test", status=500))
    api.script(Step(email="shown@example.test", status=201, json=OF_THE_DOCUMENTATION))
    for email in ("delayed@example.test", "shown@example.test"):
        stack.send(json.dumps({"email": email}))
    stack.send(_event("seen-1", "created", "seen@example.test"))
    stack.send(_event("seen-2", "updated", "seen@example.test"))
    take_letter(stack, stack.send(json.dumps({"email": "no"})))
    wait_until(lambda: {"seen@example.test", "delayed@example.test"} <= api.users().keys(), "both")
    stack.send(_event("seen-3", "created", "seen@example.test", "Editor"))
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the queue to be empty")


def _exhaust_one(stack: Stack, api: StandIn) -> None:
    """A message whose first try is its last: its reason names the cause of that try."""
    stack.renew_environments(MAX_RECEIVE_COUNT="1")
    api.script(Step(email="spent@example.test", status=500))
    letter = take_letter(stack, stack.send(json.dumps({"email": "spent@example.test"})))
    assert letter.reason["cause"] == "server_error"


def _event(event_id: str, kind: str, email: str, *roles: str) -> str:
    head = {"specversion": "1.0", "source": "/seen", "id": event_id}
    data = {"email": email, "roles": roles}
    return json.dumps(head | {"type": f"uk.spacemedia.signup.{kind}", "data": data})


def _written(stack: Stack, lines: list[dict[str, Any]]) -> set[Metric]:
    """The metrics of lines in the embedded format; the stack's name as the template has it."""
    return {
        Metric(
            directive["Namespace"],
            metric["Name"],
            tuple((name, line[name].replace(stack.name, "${AWS::StackName}")) for name in names),
        )
        for line in lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", [])
        for names in directive["Dimensions"]
        for metric in directive["Metrics"]
        if metric["Name"] in line
    }


def _values(lines: list[dict[str, Any]], name: str) -> list[float]:
    return [value for line in lines for value in line.get(name, [])]


@pytest.mark.parametrize("name", sorted(Template().of_type(ALARM)))
def test_an_alarm_watches_what_is_written(
    stack: Stack, lines: list[dict[str, Any]], name: str
) -> None:
    """By namespace, name and dimensions; metrics of AWS itself are checked against AWS's list."""
    own = {
        alarm_metric
        for alarm_metric in alarm_metrics(Template(), name)
        if alarm_metric.namespace == OWN
    }
    assert own <= _written(stack, lines)


def test_the_dashboard_shows_what_is_written(stack: Stack, lines: list[dict[str, Any]]) -> None:
    """And each metric that is written is watched by an alarm or shown."""
    template = Template()
    shown = {metric for widget in widgets(template) for metric in widget_metrics(widget)}
    own = {metric for metric in shown if metric.namespace == OWN}
    assert own
    assert own <= _written(stack, lines)
    watched = {
        alarm_metric
        for name in template.of_type(ALARM)
        for alarm_metric in alarm_metrics(template, name)
    }
    assert _written(stack, lines) <= own | watched


def test_the_metrics_have_the_values_of_what_happened(lines: list[dict[str, Any]]) -> None:
    """The delayed invite counts from its first send, and OldestWaitingAge showed its wait."""
    invites = sorted(_values(lines, "InviteLatency"))
    assert len(invites) == 3
    assert LATENCY <= invites[0] <= invites[1] < FIRST_WAIT <= invites[2] < MINUTE
    assert max(_values(lines, "OldestWaitingAge")) >= LATENCY
    assert _values(lines, "OldestWaitingAge")[-1] == 0.0
    assert len(_values(lines, "ApiLatency")) == 5
    assert LATENCY <= max(_values(lines, "ApiLatency")) < FIRST_WAIT
    assert [sum(_values(lines, name)) for name in ("Api2xx", "Api5xx", "Api4xx")] == [3, 2, 0]
    assert [sum(_values(lines, name)) for name in ("AnsweredForOthers", "RolesDiffer")] == [1, 1]


@pytest.mark.parametrize("name", sorted(queries(Template())))
def test_a_query_reads_fields_that_lines_have(lines: list[dict[str, Any]], name: str) -> None:
    """A misspelt field would be an empty column, or a filter that nothing passes."""
    fields = query_fields(queries(Template())[name]) - {"@timestamp"}
    people = [line for line in lines if "message_id" in line]
    assert fields <= {key for line in people for key in line}


def test_lines_have_what_the_queries_look_for(lines: list[dict[str, Any]]) -> None:
    """A letter's reason by message id, an event's by event id, the ignored with their source."""
    people = [line for line in lines if "message_id" in line]
    stops = [(line["code"], line.get("cause")) for line in people if line["message"] == "stop"]
    assert stops == [("invalid_email", None), ("retries_exhausted", "server_error")]
    assert [line["message"] for line in people if line.get("event_id") == "seen-1"] == ["invited"]
    (pinned,) = [line for line in people if "roles_differ" in line]
    assert (pinned["event_id"], pinned["level"]) == ("seen-3", "WARNING")
    (other,) = [line for line in people if "names_other" in line]
    assert (other["message"], other["level"]) == ("invited", "WARNING")
    (ignored,) = [line for line in people if line["message"] == "ignored"]
    assert (ignored["source"], ignored["code"]) == ("canonical", "not_a_signup")
    assert ignored["event_type"] == "uk.spacemedia.signup.*"
    assert ignored["detail"]
