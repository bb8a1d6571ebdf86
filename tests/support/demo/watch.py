"""Shows what happens while it happens, until no message is on its way."""

import time
from collections.abc import Mapping, Sequence

from support.demo.screen import Screen
from support.spacemedia.client import StandIn
from support.spacemedia.recording import Recorded
from support.stack import Stack

POLL_SECONDS = 0.3

# The one message that meets an outage waits 15 s for its second try. Anything that takes longer
# than this is stuck, and the account will show it as waiting.
PATIENCE_SECONDS = 45.0

# SNS and EventBridge hand over within milliseconds here; two empty looks in a row this far apart
# mean that nothing is under way any more.
SETTLED_LOOKS = 3


def watch(stack: Stack, api: StandIn, screen: Screen) -> None:
    """Print each call to the API and each dead letter, until the signup queue stays empty."""
    ends = time.monotonic() + PATIENCE_SECONDS
    calls, told, empty_looks = 0, set[str](), 0
    while time.monotonic() < ends and empty_looks < SETTLED_LOOKS:
        calls += _tell_calls(api.requests()[calls:], screen)
        reasons = stack.reasons()
        for queue in ("SignupQueueUrl", "DeadLetterQueueUrl"):
            for message in stack.messages(queue):
                row = reasons.get(message["MessageId"])
                if row and (line := _news(queue, message["MessageId"], row)) not in told:
                    told.add(line)
                    screen.line(line)
        empty_looks = 0 if stack.messages("SignupQueueUrl") else empty_looks + 1
        time.sleep(POLL_SECONDS)


def _tell_calls(calls: Sequence[Recorded], screen: Screen) -> int:
    for call in calls:
        who = call.body.get("email") if isinstance(call.body, dict) else None
        screen.line(f"API     {call.method} {call.path} {who}: {call.status or 'no answer'}")
    return len(calls)


def _news(queue: str, message_id: str, row: Mapping[str, str]) -> str:
    word = "dead" if queue == "DeadLetterQueueUrl" else row["verdict"]
    return f"{word:<7} {message_id} {row['code']}: {row['detail']}"
