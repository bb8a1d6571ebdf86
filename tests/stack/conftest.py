"""One stack for all stack tests: deployed once, as built, with IAM enforced."""

import json
import signal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.deploy import deploy
from support.local_aws import local_aws
from support.rotation import store_credentials
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage
from support.waiting import wait_until

OUTCOMES = "outcomes"


@pytest.fixture(scope="session", autouse=True)
def _end_in_order() -> None:
    """Also when the run is told to end, what it started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))


@pytest.fixture(scope="session")
def api() -> Iterator[StandIn]:
    """The stand-in for SpaceMedia that the stack calls."""
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def stack(api: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed stack, its token stored."""
    with local_aws(tmp_path_factory.mktemp("local-aws")) as aws:
        parameters = {
            "ApiBaseUrl": api.url,
            "EventBusName": "default",
            "EventPattern": '{"source": ["com.example.identity"]}',
            "OutcomeTopicArn": aws.client("sns").create_topic(Name=OUTCOMES)["TopicArn"],
            "ApiCredentialsSecretArn": store_credentials(aws, api),
        }
        stack = deploy(aws, "signup-invites-test", parameters)
        stack.store_token(f'{{"token": "{api.add_token(ttl=None)}"}}')
        yield stack


@pytest.fixture(autouse=True)
def _settled(api: StandIn, stack: Stack) -> Iterator[None]:
    """Each test begins with an empty script, and leaves no message on its way."""
    api.script(replace=True)
    yield
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the signup queue to be empty")


@pytest.fixture
def triage(stack: Stack) -> Triage:
    """The stack's triage functions, with no letters but the test's own."""
    stack.forget_letters()
    return Triage(stack)


@pytest.fixture
def source() -> str:
    """A source of one's own, by which a test finds its letters."""
    return f"/test/{uuid.uuid4()}"


@pytest.fixture
def heard(stack: Stack) -> Iterator[Any]:
    """All that a producer's queue gets of the topic."""
    sqs, sns = stack.client("sqs"), stack.client("sns")
    topics = [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    topic = next(arn for arn in topics if arn.endswith(f":{OUTCOMES}"))
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
        for message in answer.get("Messages", []):
            told = json.loads(message["Body"])
            assert told["messageId"] not in found, "told twice"
            found[told["messageId"]] = told
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    yield read
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)
