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


def test_failed_message_returns_alone_to_the_queue(template: Template) -> None:
    """Every SQS event takes the partial batch answer."""
    events = _sqs_events(template)
    assert events
    assert all(event["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for event in events)


def test_concurrency_is_limited_at_the_event_source_mapping(template: Template) -> None:
    """Receives that Lambda throttles elsewhere would end in the dead-letter queue."""
    limit = {"MaximumConcurrency": {"Ref": "MaximumConcurrency"}}
    assert all(event["ScalingConfig"] == limit for event in _sqs_events(template))
    assert "ReservedConcurrentExecutions" not in json.dumps(template.document)


def test_event_source_filters_nothing(template: Template) -> None:
    """Lambda deletes what filter criteria do not match."""
    assert "FilterCriteria" not in json.dumps(template.document)


@pytest.mark.parametrize(("conditions", "enabled"), [({"IsSending"}, True), (set(), False)])
def test_sending_enabled_switches_the_event_source_mapping(
    template: Template, conditions: set[str], *, enabled: bool
) -> None:
    events = template.properties("SendInvitesFunction", conditions)["Events"]
    assert events["SignupMessages"]["Properties"]["Enabled"] is enabled
    condition = template.document["Conditions"]["IsSending"]
    assert condition == {"Fn::Equals": [{"Ref": "SendingEnabled"}, "true"]}


def test_subscription_keeps_what_it_cannot_deliver(template: Template) -> None:
    """It delivers in SNS's envelope, not raw, and has a dead-letter queue."""
    subscription = template.properties("SignupSubscription")
    assert subscription["Protocol"] == "sqs"
    assert subscription["RawMessageDelivery"] is False
    own_queue = {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}
    assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": own_queue}


def test_event_rule_keeps_what_it_cannot_deliver(template: Template) -> None:
    """Its target is the queue, and has a dead-letter queue."""
    (target,) = template.properties("SignupRule")["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["SignupQueue", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}}


def test_topic_and_rule_may_send_to_both_of_their_queues(template: Template) -> None:
    sources = [{"Ref": "SignupTopic"}, {"Fn::GetAtt": ["SignupRule", "Arn"]}]
    for policy in ("SignupQueuePolicy", "UndeliveredQueuePolicy"):
        document = template.properties(policy, {"HasEventRule"})["PolicyDocument"]
        let_in = [
            statement["Condition"]["ArnEquals"]["aws:SourceArn"]
            for statement in document["Statement"]
            if statement["Action"] == "sqs:SendMessage"
        ]
        assert let_in == sources


def test_only_redrive_is_from_the_signup_queue_to_the_dead_letter_queue(template: Template) -> None:
    redrives = {
        name: queue["RedrivePolicy"]["deadLetterTargetArn"]
        for name, queue in template.of_type(QUEUE).items()
        if "RedrivePolicy" in queue
    }
    assert redrives == {"SignupQueue": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}}


def test_no_resource_has_a_fixed_name(template: Template) -> None:
    """So two stacks fit into one account, and a resource can be replaced."""
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
    names = [query["Name"]["Fn::Sub"] for query in template.of_type(QUERY).values()]
    assert all(name.startswith("${AWS::StackName}/") for name in names)
