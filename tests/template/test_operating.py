"""What an operator sees of the stack: alarms and outputs."""

import pytest

from template.reading import FUNCTION, QUEUE, Template

ALARM = "AWS::CloudWatch::Alarm"
# The metrics that alarms watch, and the dimension under which AWS publishes each.
DIMENSIONS = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): "QueueName",
    ("AWS/Lambda", "Errors"): "FunctionName",
    # The function's own: Powertools adds the dimension.
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): "QueueName",
    ("SignupInvites", "MassStop"): "service",
    ("SignupInvites", "Paused"): "service",
    ("SignupInvites", "TokenRefusedAfterRotation"): "service",
    ("SignupInvites", "TokenExpiring"): "service",
}
OUTPUTS = {
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
}

# Whoever calls them sees how they end.
ANSWER_A_PERSON = {"ViewDeadLettersFunction", "ReplayDeadLettersFunction"}

ALARMS = sorted(Template().of_type(ALARM))


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_to_do(template: Template, name: str) -> None:
    """More than a title: what is wrong, and what the reader of a page at night does about it."""
    sentences = template.properties(name)["AlarmDescription"].split(". ")
    assert len(sentences) >= 2
    assert sentences[-1].endswith(".")


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_a_metric_that_exists(template: Template, name: str) -> None:
    """A misspelt metric or dimension would keep the alarm quiet for ever."""
    alarm = template.properties(name)
    (dimension,) = alarm["Dimensions"]
    assert dimension["Name"] == DIMENSIONS[alarm["Namespace"], alarm["MetricName"]]
    if dimension["Name"] == "QueueName":
        queue, attribute = dimension["Value"]["Fn::GetAtt"]
        assert attribute == "QueueName"
        assert queue in template.of_type(QUEUE)
    elif dimension["Name"] == "FunctionName":
        assert dimension["Value"]["Ref"] in template.of_type(FUNCTION)
    else:
        variables = template.document["Globals"]["Function"]["Environment"]["Variables"]
        assert dimension["Value"] == variables["POWERTOOLS_SERVICE_NAME"]
        assert alarm["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]


@pytest.mark.parametrize("name", ALARMS)
def test_alarms_go_where_they_are_told(template: Template, name: str) -> None:
    """To AlarmTopicArn if it is set, going on and going off; none with Monitoring off."""
    assert template.resources[name]["Condition"] in ("IsMonitored", "IsRotationMonitored")
    with_topic = template.properties(name, {"HasAlarmTopic"})
    assert with_topic["AlarmActions"] == with_topic["OKActions"] == [{"Ref": "AlarmTopicArn"}]
    assert "AlarmActions" not in template.properties(name)


def test_whatever_needs_a_person_has_an_alarm(template: Template) -> None:
    """Both queues that only a person empties, and every function that nobody waits for."""
    watched = [one["Dimensions"][0]["Value"] for one in template.of_type(ALARM).values()]
    for queue in template.of_type(QUEUE).keys() - {"SignupQueue"}:
        assert {"Fn::GetAtt": [queue, "QueueName"]} in watched
    for function in template.of_type(FUNCTION).keys() - ANSWER_A_PERSON:
        assert {"Ref": function} in watched


def test_outputs(template: Template) -> None:
    """What scripts and people need to find, each with a description."""
    assert {name: one["Value"] for name, one in template.outputs.items()} == OUTPUTS
    assert all(one["Description"].endswith(".") for one in template.outputs.values())
