"""What the template watches and shows: alarms, the dashboard, saved queries.

What CloudFormation fills in stays in a text, as `${SignupQueue.QueueName}`.
"""

import json
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from support.aws_metrics import ATTRIBUTES, DIMENSIONS, NAMES
from template.reading import Template

ALARM = "AWS::CloudWatch::Alarm"
QUERY = "AWS::Logs::QueryDefinition"
EVERYTHING = frozenset({"HasRotation", "HasEventRule", "HasAlarmTopic"})


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that is read, and its dimensions in order: names and values."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """In order."""
        return tuple(name for name, _ in self.dimensions)


def alarm_metrics(template: Template, name: str, conditions: Set[str] = EVERYTHING) -> list[Metric]:
    """The metrics that an alarm watches: several if it watches an expression."""
    alarm = template.properties(name, conditions)
    if "MetricName" in alarm:
        return [_metric(alarm)]
    return [
        _metric(metric["MetricStat"]["Metric"])
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    ]


def _metric(node: dict[str, Any]) -> Metric:
    dimensions = tuple(
        (dimension["Name"], _text(dimension["Value"])) for dimension in node["Dimensions"]
    )
    return Metric(node["Namespace"], node["MetricName"], dimensions)


def _text(value: Any) -> str:  # noqa: ANN401 - any piece of the template
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Select": [_, {"Fn::Split": [_, inner]}]}:
            return _text(inner)
    return str(value)


def widgets(template: Template, conditions: Set[str] = EVERYTHING) -> list[dict[str, Any]]:
    """The dashboard's widgets."""
    text, variables = template.properties("Dashboard", conditions)["DashboardBody"]["Fn::Sub"]
    for name, value in variables.items():
        separator, parts = value["Fn::Join"]
        joined = separator.join(
            part["Fn::Sub"] if isinstance(part, dict) else part for part in parts
        )
        text = text.replace(f"${{{name}}}", joined)
    found: list[dict[str, Any]] = json.loads(text)["widgets"]
    return found


def widget_metrics(widget: dict[str, Any]) -> Iterator[Metric]:
    """The metrics that a widget shows, the dots in them filled in."""
    before: list[str] = []
    for row in widget["properties"].get("metrics", []):
        texts = [text for text in row if isinstance(text, str)]
        full = [before[place] if text == "." else text for place, text in enumerate(texts)]
        before, (namespace, name, *rest) = full, full
        yield Metric(namespace, name, tuple(zip(rest[::2], rest[1::2], strict=True)))


def names_in(text: str) -> list[str]:
    """The logical ids that a text refers to, pseudo parameters included."""
    return re.findall(r"\$\{([\w:]+)", text)


def check_metric(template: Template, metric: Metric) -> None:
    """A misspelt metric or dimension would be empty for ever.

    Of our own metrics a stack test holds the names against what the stack was seen to write.
    """
    variables = template.document["Globals"]["Function"]["Environment"]["Variables"]
    if metric.namespace == variables["POWERTOOLS_METRICS_NAMESPACE"]:
        assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
        assert metric.dimensions == (("service", "${AWS::StackName}"),)
        return
    assert metric.name in NAMES[metric.namespace]
    kind = DIMENSIONS[metric.namespace, metric.dimension_names]
    dimension, value = metric.dimensions[-1]
    (resource,) = names_in(value)
    assert value == f"${{{resource}{ATTRIBUTES.get(dimension, '')}}}"
    assert template.resources[resource]["Type"] == kind


def queries(template: Template) -> dict[str, str]:
    """The saved queries, by logical id."""
    return {name: query["QueryString"] for name, query in template.of_type(QUERY).items()}


def without_comments(query: str) -> str:
    """A saved query in one line, as a widget of the dashboard has it after its log group."""
    lines = (line for line in query.splitlines() if not line.startswith("#"))
    return " ".join(" ".join(lines).split())


# The words of the query language that our queries use.
_WORDS = {"fields", "filter", "stats", "sort", "by", "as", "desc", "count", "ispresent"}


def query_fields(query: str) -> set[str]:
    """The fields of a log line that a query reads."""
    code = re.sub(r'#.*|"[^"]*"', "", query)
    named = set(re.findall(r"\bas\s+(\w+)", code))
    return set(re.findall(r"@?[a-z_]\w*", code)) - _WORDS - named
