"""The rate limit in the ledger: one row with the key `pace`, changed by conditional updates.

All execution environments take their slots from this row, so they keep one limit together. The
algorithm, GCRA, is in invites.sending.rate_limit.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from invites.errors import LedgerError
from invites.sending.rate_limit import RateLimitState, Slots, lower_rate, take_slots

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# How many races in a row an environment may lose before its batch goes back to the queue. Each
# lost race means that another environment got its slots; a random sleep separates environments
# that tried at the same time.
MAX_TRIES = 50


class DynamoRateLimiter:
    """Gives out slots, for all execution environments together.

    Args:
        client: A low-level client.
        table: The table's name.
        per_minute: How many invites a minute; 0 for as many as the API allows.
        random_fraction: Returns a new number from 0 to 1 at each call.
        sleep_jitter: Sleeps for a short random time.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        per_minute: int,
        *,
        random_fraction: Callable[[], float],
        sleep_jitter: Callable[[], None],
    ) -> None:
        self._client = client
        self._table = table
        self._per_minute = per_minute
        self._random_fraction = random_fraction
        self._sleep_jitter = sleep_jitter
        # As last seen. If it is out of date, that costs one more try.
        self._state = RateLimitState()

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Reserve slots in one conditional update; without a limit all slots are now.

        Args:
            count: How many are wanted.
            now: Epoch seconds.
            latest: No slot may be after it, epoch seconds.
            per_minute: The limit that the API was seen to apply; 0 if none was seen.

        Raises:
            LedgerError: They are not reserved.
        """
        rate = lower_rate(self._per_minute, per_minute)
        if not rate:
            return Slots([now] * count, [], grace=math.inf)
        return self._reserve(count, now, latest, 60 / rate)

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Reserve places in the queue for slots, and no slots.

        Args:
            count: How many are wanted.
            now: Epoch seconds.
            per_minute: How many places there are in a minute.

        Returns:
            When each may come back, epoch seconds.

        Raises:
            LedgerError: They are not reserved.
        """
        return self._reserve(count, now, now - 60, 60 / per_minute).returns

    def _reserve(self, count: int, now: float, latest: float, interval: float) -> Slots:
        for _ in range(MAX_TRIES):
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
                self._sleep_jitter()
            else:
                self._state = state
                return slots
        raise LedgerError(f"the rate limit was changed by others {MAX_TRIES} times in a row")

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
    # DynamoDB keeps 38 digits, so what is read equals what was written.
    return {"N": repr(value)}
