"""`make demo KEEP=1`: everything stays up, and here is what to do with it."""

import signal

from support.demo.running import announced
from support.demo.screen import Screen
from support.spacemedia.client import StandIn
from support.stack import Stack


def keep_running(stack: Stack, api: StandIn, screen: Screen) -> None:
    """Print what can be done, then wait for Ctrl-C."""
    peek = f"{stack.aws.endpoint}/_ministack/sqs/messages?QueueUrl="
    screen.step("Everything keeps running until Ctrl-C. In another terminal:")
    for name in (
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_DEFAULT_REGION",
    ):
        screen.line(f"export {name}={stack.aws.environment()[name]}")
    screen.line("# send an event of your own")
    screen.line(f"make publish EVENT=FILE STACK={stack.name}")
    screen.line("# look at the queue, and at the dead letters")
    screen.line(f"curl '{peek}{stack.outputs['SignupQueueUrl']}'")
    screen.line(f"curl '{peek}{stack.outputs['DeadLetterQueueUrl']}'")
    screen.line("# look at who is invited")
    screen.line(f"curl {api.url}/_control/users")
    screen.line("# understand and fix the dead letters")
    screen.line("make console")
    with announced(stack):
        signal.pause()
