"""The three routes by which a producer sends."""

import json
from collections.abc import Callable

from support.demo.plan import Sending
from support.stack import Stack


def send(stack: Stack, sending: Sending) -> None:
    """Send a sample by its route.

    Raises:
        RuntimeError: EventBridge took the call, but not the event.
    """
    _ROUTES[sending.route](stack, sending.body)


def _send_sqs(stack: Stack, body: str) -> None:
    stack.client("sqs").send_message(QueueUrl=stack.outputs["SignupQueueUrl"], MessageBody=body)


def _send_sns(stack: Stack, body: str) -> None:
    stack.client("sns").publish(TopicArn=stack.outputs["SignupTopicArn"], Message=body)


def _send_eventbridge(stack: Stack, body: str) -> None:
    event = json.loads(body)
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
    }
    answer = stack.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"EventBridge refused the event: {answer['Entries']}")


_ROUTES: dict[str, Callable[[Stack, str], None]] = {
    "sqs": _send_sqs,
    "sns": _send_sns,
    "eventbridge": _send_eventbridge,
}
