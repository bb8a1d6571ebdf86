"""The pace, in the ledger: one row with the key `pace`, changed by conditional updates."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from invites.errors import LedgerError
from invites.sending.rate_limit import RateLimitState, Slots, lower_rate, take_slots

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# How often somebody else may be quicker before the batch is put back instead. Each loss means
# that another environment got its slots; a moment of random length sets those apart that tried
# at the same time.
TRIES = 50


class DynamoRateLimiter:
    """Gives out slots, for all execution environments together.

    Args:
        client: A low-level client.
        table: The table's name.
        per_minute: How many invites a minute; 0 for as many as the API allows.
        random_fraction: Gives a number from 0 to 1, anew at each call.
        step_back: Lets a moment of random length pass.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        per_minute: int,
        *,
        random_fraction: Callable[[], float],
        step_back: Callable[[], None],
    ) -> None:
        self._random_fraction = random_fraction
        self._step_back = step_back
        self._client = client
        self._table = table
        self._per_minute = per_minute
        # As it was last seen. Out of date, it costs one more try.
        self._state = RateLimitState()

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Reserve slots in one conditional update; without a limit all slots are now.

        Args:
            count: How many are wanted.
            now: Epoch seconds.
            latest: No slot may be after it, epoch seconds.
            per_minute: What the API was seen to allow; 0 if it was not seen.

        Raises:
            LedgerError: They are not reserved.
        """
        rate = lower_rate(self._per_minute, per_minute)
        if not rate:
            return Slots([now] * count, [], grace=math.inf)
        return self._take(count, now, latest, 60 / rate)

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Places in the line, and no slots.

        Raises:
            LedgerError: There are none.
        """
        return self._take(count, now, now - 60, 60 / per_minute).returns

    def _take(self, count: int, now: float, latest: float, interval: float) -> Slots:
        for _ in range(TRIES):
            slots, state = take_slots(
                self._state, count, now, latest, interval, random_fraction=self._random_fraction()
            )
            try:
                self._write(state)
            except (BotoCoreError, ClientError) as error:
                if not isinstance(error, ClientError) or not is_condition_failed(error):
                    problem = f"the ledger cannot be written: {aws_error(error)}"
                    raise LedgerError(problem) from error
                self._state = _state(condition_item(error))
                self._step_back()
            else:
                self._state = state
                return slots
        raise LedgerError(f"the pace was changed by others {TRIES} times in a row")

    def _write(self, state: RateLimitState) -> None:
        known = self._state != RateLimitState()
        condition = "next_slot = :old_slot AND line_end = :old_line"
        self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": "pace"}},
            UpdateExpression="SET next_slot = :slot, line_end = :line",
            ConditionExpression=condition if known else "attribute_not_exists(pk)",
            ExpressionAttributeValues={
                ":slot": _number(state.next_slot),
                ":line": _number(state.queue_end),
                **(
                    {
                        ":old_slot": _number(self._state.next_slot),
                        ":old_line": _number(self._state.queue_end),
                    }
                    if known
                    else {}
                ),
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _state(row: dict[str, Any]) -> RateLimitState:
    if not row:
        return RateLimitState()
    return RateLimitState(float(row["next_slot"]["N"]), float(row["line_end"]["N"]))


def _number(value: float) -> dict[str, Any]:
    # DynamoDB keeps 38 digits, so that what is read equals what was written.
    return {"N": repr(value)}
