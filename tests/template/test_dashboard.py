"""The dashboard and the saved queries."""

import json

import pytest

from support.aws_metrics import NAMES
from template.monitoring import (
    ALARM,
    EVERYTHING,
    QUERY,
    check_metric,
    names_in,
    queries,
    query_fields,
    widget_metrics,
    widgets,
    without_comments,
)
from template.reading import Template

COLUMNS = 24
FLOW = ["Received", "Invited", "AlreadyInvited", "Ignored", "Split", "Retried", "Paused", "Stopped"]


@pytest.mark.parametrize("conditions", [frozenset(), EVERYTHING])
def test_dashboard_names_only_resources_that_exist(
    template: Template, conditions: frozenset[str]
) -> None:
    """A resource that is not made would stop the whole deployment."""
    made = {"IsMonitored", "IsTlsRequired", *conditions}
    made |= {"IsRotationMonitored"} if "HasRotation" in conditions else set()
    made |= {"IsRuleMonitored"} if "HasEventRule" in conditions else set()
    there = {
        name
        for name, resource in template.resources.items()
        if resource.get("Condition", "IsMonitored") in made
    }
    named = names_in(json.dumps(widgets(template, conditions)))
    assert named
    assert {name for name in named if not name.startswith("AWS::")} <= there


def test_dashboard_shows_each_alarm_once(template: Template) -> None:
    """Also those that only some deployments have."""
    (widget,) = [widget for widget in widgets(template) if widget["type"] == "alarm"]
    arns = widget["properties"]["alarms"]
    assert sorted(arns) == sorted(f"${{{name}.Arn}}" for name in template.of_type(ALARM))


def test_dashboard_shows_metrics_that_exist(template: Template) -> None:
    """By AWS's list of them, or as one of our own; in the stack's region."""
    shown = [widget for widget in widgets(template) if widget["type"] == "metric"]
    metrics = [metric for widget in shown for metric in widget_metrics(widget)]
    assert len(metrics) > len(shown)
    for metric in metrics:
        check_metric(template, metric)
    assert {widget["properties"]["region"] for widget in shown} == {"${AWS::Region}"}


def test_dashboard_shows_all_that_can_become_of_a_signup(template: Template) -> None:
    flow = next(widget for widget in widgets(template) if widget["type"] == "metric")
    assert [metric.name for metric in widget_metrics(flow)] == FLOW


def test_every_curve_has_a_statistic(template: Template) -> None:
    """CloudWatch's default is the average, which is wrong for counts and for latencies."""
    for widget in widgets(template):
        properties = widget["properties"]
        for row in properties.get("metrics", []):
            own = row[-1] if isinstance(row[-1], dict) else {}
            assert properties.get("stat") or own.get("stat"), row


def test_dashboard_shows_what_was_ignored_by_the_saved_query(template: Template) -> None:
    """No metric has that detail."""
    (widget,) = [widget["properties"] for widget in widgets(template) if widget["type"] == "log"]
    saved = without_comments(queries(template)["IgnoredQuery"])
    assert widget["query"] == f"SOURCE '${{SendInvitesLogGroup}}' | {saved}"
    assert (widget["view"], widget["region"]) == ("table", "${AWS::Region}")


def test_rows_of_the_dashboard_are_full(template: Template) -> None:
    """Widgets have no coordinates, and take the next free place."""
    rows: list[list[dict[str, int]]] = [[]]
    for widget in widgets(template):
        if sum(widget["width"] for widget in rows[-1]) == COLUMNS:
            rows.append([])
        rows[-1].append(widget)
    assert all(sum(widget["width"] for widget in row) == COLUMNS for row in rows)
    assert all(len({widget["height"] for widget in row}) == 1 for row in rows)
    assert not any({"x", "y"} & widget.keys() for widget in widgets(template))


def test_saved_queries_read_only_the_function_log(template: Template) -> None:
    """A stack test holds their fields against lines of that log."""
    found = template.of_type(QUERY)
    assert len(found) == 4
    for name, query in found.items():
        assert query["LogGroupNames"] == [{"Ref": "SendInvitesLogGroup"}]
        assert template.resources[name]["Condition"] == "IsMonitored"
    assert all(query_fields(query) for query in queries(template).values())


def test_fields_of_a_query_are_not_its_comments_texts_or_own_names() -> None:
    query = (
        '# why\nfields @timestamp, code | filter a = "b" | stats count(*) as n by c | sort n desc'
        "\n| filter ispresent(d)"
    )
    assert query_fields(query) == {"@timestamp", "code", "a", "c", "d"}


def test_list_of_aws_metrics_does_not_hold_our_namespace(template: Template) -> None:
    """A misspelt metric of ours could hide there."""
    own = template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert own["POWERTOOLS_METRICS_NAMESPACE"] not in NAMES
    assert all(namespace.startswith("AWS/") for namespace in NAMES)
