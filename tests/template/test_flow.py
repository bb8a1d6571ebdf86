"""How a message travels: nothing on its way may drop it."""

import json

import pytest

from template.monitoring import QUERY
from template.reading import FUNCTION, QUEUE, TOPIC, Template

# What would name a resource, and so forbid a second stack in the account or a replacement.
NAME_PROPERTIES = {
    "AlarmName",
    "FunctionName",
    "LayerName",
    "LogGroupName",
    "Name",
    "QueueName",
    "RoleName",
    "TableName",
    "TopicName",
}


def _sqs_events(template: Template) -> list[dict[str, object]]:
    return [
        event["Properties"]
        for function in template.of_type(FUNCTION).values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    ]


def test_one_failed_message_brings_back_only_itself(template: Template) -> None:
    """Every SQS event takes the partial batch answer."""
    events = _sqs_events(template)
    assert events
    assert all(one["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for one in events)


def test_concurrency_is_limited_where_nothing_is_lost(template: Template) -> None:
    """At the event source mapping; throttled receives would end in the dead-letter queue."""
    limit = {"MaximumConcurrency": {"Ref": "MaximumConcurrency"}}
    assert all(one["ScalingConfig"] == limit for one in _sqs_events(template))
    assert "ReservedConcurrentExecutions" not in json.dumps(template.document)


def test_nothing_is_filtered(template: Template) -> None:
    """Lambda deletes what filter criteria do not match."""
    assert "FilterCriteria" not in json.dumps(template.document)


@pytest.mark.parametrize(("conditions", "enabled"), [({"IsSending"}, True), (set(), False)])
def test_the_stop_button(template: Template, conditions: set[str], *, enabled: bool) -> None:
    """SendingEnabled switches the event source mapping."""
    events = template.properties("SendInvitesFunction", conditions)["Events"]
    assert events["SignupMessages"]["Properties"]["Enabled"] is enabled
    condition = template.document["Conditions"]["IsSending"]
    assert condition == {"Fn::Equals": [{"Ref": "SendingEnabled"}, "true"]}


def test_the_subscription_keeps_what_it_cannot_deliver(template: Template) -> None:
    """It delivers in SNS's envelope, not raw, and has a dead-letter queue of its own."""
    subscription = template.properties("SignupSubscription")
    assert subscription["Protocol"] == "sqs"
    assert subscription["RawMessageDelivery"] is False
    own_queue = {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}
    assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": own_queue}


def test_the_rule_keeps_what_it_cannot_deliver(template: Template) -> None:
    """Its target is the queue, and has a dead-letter queue."""
    (target,) = template.properties("SignupRule")["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["SignupQueue", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}}


def test_the_senders_are_let_in(template: Template) -> None:
    """Topic and rule may send to the queue, and to the one for what they cannot deliver."""
    sources = [{"Ref": "SignupTopic"}, {"Fn::GetAtt": ["SignupRule", "Arn"]}]
    for policy in ("SignupQueuePolicy", "UndeliveredQueuePolicy"):
        document = template.properties(policy, {"HasEventRule"})["PolicyDocument"]
        let_in = [
            one["Condition"]["ArnEquals"]["aws:SourceArn"]
            for one in document["Statement"]
            if one["Action"] == "sqs:SendMessage"
        ]
        assert let_in == sources


def test_the_source_queue_has_a_dead_letter_queue(template: Template) -> None:
    """The only redrive in the stack is from the source queue to the dead-letter queue."""
    redrives = {
        name: one["RedrivePolicy"]["deadLetterTargetArn"]
        for name, one in template.of_type(QUEUE).items()
        if "RedrivePolicy" in one
    }
    assert redrives == {"SignupQueue": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}}


def test_no_resource_has_a_name_of_its_own(template: Template) -> None:
    """Two stacks fit into one account, and a resource can be replaced."""
    assert template.of_type(QUEUE, TOPIC)
    named = [
        name
        for name, resource in template.resources.items()
        if NAME_PROPERTIES & resource.get("Properties", {}).keys()
        # That names the function which it is about.
        and resource["Type"] != "AWS::Lambda::Permission"
        # They must have one; it begins with the stack's.
        and resource["Type"] != QUERY
    ]
    assert named == []
    names = [one["Name"]["Fn::Sub"] for one in template.of_type(QUERY).values()]
    assert all(name.startswith("${AWS::StackName}/") for name in names)
