"""Batches as Lambda hands them over, of people who were never invited."""

import json
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from support.build import record, signup

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 150_000),
)
# The template's maximum for BatchSize, and Lambda's quota for an invocation's payload.
MAX_BATCH_SIZE, MAX_EVENT_BYTES = 100, 6 * 1024 * 1024
# The event's own fields, and those of the record around its body.
RECORD_OVERHEAD = 1000


class Batches:
    """Makes one batch after the other."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(self, size: int) -> dict[str, Any]:
        """The next batch, sent just now."""
        self._number += size
        return {"Records": [_fresh(number) for number in range(self._number - size, self._number)]}


def largest_batch() -> dict[str, Any]:
    """As many people as a batch can have, in as many bytes as Lambda delivers."""
    event = Batches()(MAX_BATCH_SIZE)
    padding = "x" * (MAX_EVENT_BYTES // MAX_BATCH_SIZE - RECORD_OVERHEAD)
    for message in event["Records"]:
        message["body"] = json.dumps(json.loads(message["body"]) | {"padding": padding})
    return event


def _fresh(number: int) -> dict[str, Any]:
    fresh = record(signup(number), number)
    fresh["attributes"]["SentTimestamp"] = str(int(time.time() * 1000))
    return fresh
