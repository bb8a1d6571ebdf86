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
# The most that the template lets be in a batch; and AWS Lambda, quotas: an invocation's payload.
LARGEST_BATCH, LARGEST_EVENT = 100, 6 * 1024 * 1024
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
    event = Batches()(LARGEST_BATCH)
    padding = "x" * (LARGEST_EVENT // LARGEST_BATCH - RECORD_OVERHEAD)
    for one in event["Records"]:
        one["body"] = json.dumps(json.loads(one["body"]) | {"padding": padding})
    return event


def _fresh(number: int) -> dict[str, Any]:
    one = record(signup(number), number)
    one["attributes"]["SentTimestamp"] = str(int(time.time() * 1000))
    return one
