"""What an operator is told of the stack: alarms and outputs."""

import re
from pathlib import Path

import pytest

from aws_adapters.log import VERSION
from template.monitoring import ALARM, alarm_metrics, check_metric
from template.reading import FUNCTION, QUEUE, Template

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "alarms.md"
OUTPUTS = {
    "Version": VERSION,
    "SignupTopicArn": {"Ref": "SignupTopic"},
    "SignupQueueUrl": {"Ref": "SignupQueue"},
    "SignupQueueArn": {"Fn::GetAtt": ["SignupQueue", "Arn"]},
    "DeadLetterQueueUrl": {"Ref": "DeadLetterQueue"},
    "DeadLetterQueueArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]},
    "UndeliveredQueueUrl": {"Ref": "UndeliveredQueue"},
    "LedgerTableName": {"Ref": "Ledger"},
    # Not Ref: that is the ARN on AWS, but the name on the emulated AWS.
    "TokenSecretArn": {"Fn::GetAtt": ["TokenSecret", "Id"]},
    "SendInvitesFunctionName": {"Ref": "SendInvitesFunction"},
    "ViewDeadLettersFunctionName": {"Ref": "ViewDeadLettersFunction"},
    "ReplayDeadLettersFunctionName": {"Ref": "ReplayDeadLettersFunction"},
    "RotateTokenFunctionName": {"Ref": "RotateTokenFunction"},
    "DashboardName": {"Ref": "Dashboard"},
}

# Whoever calls them sees how they end.
ANSWER_A_PERSON = {"ViewDeadLettersFunction", "ReplayDeadLettersFunction"}
MONITORED = {"IsMonitored", "IsRotationMonitored", "IsRuleMonitored"}
ALARMS = sorted(Template().of_type(ALARM))


@pytest.mark.parametrize("name", ALARMS)
def test_alarm_says_what_is_wrong_and_what_to_do(template: Template, name: str) -> None:
    sentences = template.properties(name)["AlarmDescription"].split(". ")
    assert len(sentences) >= 2
    assert sentences[-1].endswith(".")


@pytest.mark.parametrize("conditions", [set(), {"IsDefaultBus"}])
@pytest.mark.parametrize("name", ALARMS)
def test_alarm_watches_metrics_that_exist(
    template: Template, name: str, conditions: set[str]
) -> None:
    """By AWS's list of them, or as one of our own; each names a resource of its kind."""
    metrics = alarm_metrics(template, name, conditions)
    assert metrics
    for metric in metrics:
        check_metric(template, metric)


@pytest.mark.parametrize("name", ALARMS)
def test_alarm_says_what_missing_data_means(template: Template, name: str) -> None:
    """The default, insufficient data, is a third state which nobody acts on."""
    assert template.properties(name)["TreatMissingData"] in ("notBreaching", "ignore")


def test_expression_of_an_alarm_names_its_metrics(template: Template) -> None:
    """And only its result is watched."""
    metrics = template.properties("NothingDeliveredAlarm")["Metrics"]
    watched = [metric for metric in metrics if metric.get("ReturnData", True)]
    (expression,) = [metric["Expression"] for metric in watched]
    ids = {metric["Id"] for metric in metrics} - {watched[0]["Id"]}
    assert set(re.findall(r"\b[a-z]\w*", expression)) == ids


def test_how_to_has_a_row_for_every_alarm() -> None:
    """What is wrong and what to do."""
    lines = HOW_TO.read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith("| `")]
    assert sorted(row[0].strip().strip("`") for row in rows) == ALARMS
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in rows)


@pytest.mark.parametrize("name", ALARMS)
def test_alarms_go_to_the_topic_and_are_gone_with_monitoring_off(
    template: Template, name: str
) -> None:
    assert template.resources[name]["Condition"] in MONITORED
    with_topic = template.properties(name, {"HasAlarmTopic"})
    assert with_topic["AlarmActions"] == with_topic["OKActions"] == [{"Ref": "AlarmTopicArn"}]
    assert "AlarmActions" not in template.properties(name)


def test_whatever_needs_a_person_has_an_alarm(template: Template) -> None:
    """Both queues that only a person empties, and every function that nobody waits for."""
    metrics = [metric for name in ALARMS for metric in alarm_metrics(template, name)]
    watched = {(metric.name, metric.dimensions[-1][1]) for metric in metrics}
    for queue in template.of_type(QUEUE).keys() - {"SignupQueue"}:
        assert ("ApproximateNumberOfMessagesVisible", f"${{{queue}.QueueName}}") in watched
    for function in template.of_type(FUNCTION).keys() - ANSWER_A_PERSON:
        assert ("Errors", f"${{{function}}}") in watched


def test_outputs_name_what_scripts_and_people_need(template: Template) -> None:
    """Each with a description."""
    assert {name: output["Value"] for name, output in template.outputs.items()} == OUTPUTS
    assert all(output["Description"].endswith(".") for output in template.outputs.values())
