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
def test_it_refers_to_what_there_is(template: Template, conditions: frozenset[str]) -> None:
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


def test_it_shows_every_alarm(template: Template) -> None:
    """Those too that only some deployments have, each once."""
    (widget,) = [one for one in widgets(template) if one["type"] == "alarm"]
    arns = widget["properties"]["alarms"]
    assert sorted(arns) == sorted(f"${{{name}.Arn}}" for name in template.of_type(ALARM))


def test_it_shows_metrics_that_exist(template: Template) -> None:
    """By AWS's list of them, or as one of our own; in the stack's region."""
    shown = [one for one in widgets(template) if one["type"] == "metric"]
    metrics = [metric for one in shown for metric in widget_metrics(one)]
    assert len(metrics) > len(shown)
    for metric in metrics:
        check_metric(template, metric)
    assert {one["properties"]["region"] for one in shown} == {"${AWS::Region}"}


def test_it_shows_the_whole_flow(template: Template) -> None:
    """Whatever can become of a signup, side by side."""
    flow = next(one for one in widgets(template) if one["type"] == "metric")
    assert [metric.name for metric in widget_metrics(flow)] == FLOW


def test_every_curve_has_a_statistic(template: Template) -> None:
    """CloudWatch's default is the average, which is wrong for counts and for latencies."""
    for widget in widgets(template):
        properties = widget["properties"]
        for row in properties.get("metrics", []):
            own = row[-1] if isinstance(row[-1], dict) else {}
            assert properties.get("stat") or own.get("stat"), row


def test_it_shows_what_was_ignored(template: Template) -> None:
    """By the saved query, over the function's log: no metric has that detail."""
    (widget,) = [one["properties"] for one in widgets(template) if one["type"] == "log"]
    saved = without_comments(queries(template)["IgnoredQuery"])
    assert widget["query"] == f"SOURCE '${{SendInvitesLogGroup}}' | {saved}"
    assert (widget["view"], widget["region"]) == ("table", "${AWS::Region}")


def test_its_rows_are_full(template: Template) -> None:
    """Widgets have no coordinates, and take the next free place: no gaps, and no ragged rows."""
    rows: list[list[dict[str, int]]] = [[]]
    for widget in widgets(template):
        if sum(one["width"] for one in rows[-1]) == COLUMNS:
            rows.append([])
        rows[-1].append(widget)
    assert all(sum(one["width"] for one in row) == COLUMNS for row in rows)
    assert all(len({one["height"] for one in row}) == 1 for row in rows)
    assert not any({"x", "y"} & widget.keys() for widget in widgets(template))


def test_queries_read_the_functions_log(template: Template) -> None:
    """And nobody else's. A stack test holds their fields against lines of that log."""
    found = template.of_type(QUERY)
    assert len(found) == 4
    for name, query in found.items():
        assert query["LogGroupNames"] == [{"Ref": "SendInvitesLogGroup"}]
        assert template.resources[name]["Condition"] == "IsMonitored"
    assert all(query_fields(one) for one in queries(template).values())


def test_the_fields_of_a_query() -> None:
    """Not its comments, its texts, its words, or names that it gives itself."""
    query = (
        '# why\nfields @timestamp, code | filter a = "b" | stats count(*) as n by c | sort n desc'
        "\n| filter ispresent(d)"
    )
    assert query_fields(query) == {"@timestamp", "code", "a", "c", "d"}


def test_the_list_of_metrics_is_of_the_namespaces_that_are_aws(template: Template) -> None:
    """Our own namespace is not in it, or a misspelling of ours could hide there."""
    own = template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert own["POWERTOOLS_METRICS_NAMESPACE"] not in NAMES
    assert all(namespace.startswith("AWS/") for namespace in NAMES)
