"""A producer learns what became of its events from the topic of outcomes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.stack import Stack
from support.waiting import wait_until


@pytest.fixture
def heard(stack: Stack) -> Iterator[Any]:
    """All that a producer's queue gets of the topic."""
    sqs, sns = stack.client("sqs"), stack.client("sns")
    topics = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
    topic = next(one for one in topics if one.endswith(":outcomes"))
    url = sqs.create_queue(QueueName="producer")["QueueUrl"]
    named = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = named["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    subscribed = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true"},
        ReturnSubscriptionArn=True,
    )
    found: dict[str, dict[str, Any]] = {}

    def read() -> dict[str, dict[str, Any]]:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        for one in answer.get("Messages", []):
            told = json.loads(one["Body"])
            assert told["messageId"] not in found, "told twice"
            found[told["messageId"]] = told
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return found

    yield read
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def test_outcomes(stack: Stack, heard: Any) -> None:  # noqa: ANN401 - a function that reads
    """Invited, invited already, ignored and refused: each is told once, without an address."""
    family = "uk.spacemedia.signup."
    head = {"specversion": "1.0", "source": "/crm"}
    person = {"data": {"email": "heard@example.test"}}
    invited = stack.send(json.dumps({**head, "type": f"{family}created", "id": "a", **person}))
    wait_until(lambda: invited in heard(), "the first outcome")
    again = stack.send(json.dumps({**head, "type": f"{family}created", "id": "b", **person}))
    updated = stack.send(json.dumps({**head, "type": f"{family}updated", "id": "c", **person}))
    refused = stack.send(json.dumps({**head, "type": f"{family}created", "id": "d", "data": {}}))
    wait_until(lambda: {again, updated, refused} <= heard().keys(), "the others")
    # Until the refused one is a dead letter, each receive might tell it anew.
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the queue to be empty")
    found = heard()
    keys = ("eventId", "source", "tenant", "outcome", "code")
    told = [tuple(found[one][key] for key in keys) for one in (invited, again, updated, refused)]
    assert told == [
        ("a", "canonical", "/crm", "invited", None),
        ("b", "canonical", "/crm", "already_invited", None),
        ("c", "canonical", "/crm", "ignored", "not_a_signup"),
        ("d", "canonical", "/crm", "stop", "missing_email"),
    ]
    assert "heard@" not in json.dumps(found)
