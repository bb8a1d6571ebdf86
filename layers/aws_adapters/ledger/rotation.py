"""Lets one of all environments request a rotation: one row of the ledger with the key `rotation`.

The row holds epoch seconds: `asked_at`, when a rotation was requested; `next_ask`, when the next
may be; and `rests_until`, once a new token was refused as well.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from invites.errors import LedgerError
from invites.token import BACK_OFF_SECONDS, FRESH_SECONDS, ROTATION_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# When a rotation may be requested again after Secrets Manager has refused a request.
RETRY_REQUEST_SECONDS = 60.0


class RotationLockState(StrEnum):
    """What came of asking for the lock: it is ours, another environment's, or nobody's for now."""

    ACQUIRED = "acquired"
    HELD = "held"
    BACKING_OFF = "backing_off"


class DynamoRotationLock:
    """A lock that ends by its time: whoever acquires it requests a rotation at once.

    Args:
        client: A low-level client.
        table: The ledger's name.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def acquire(self, now: float) -> RotationLockState:
        """Acquire the lock for FRESH_SECONDS, unless it is held.

        Raises:
            LedgerError: It is not known who holds it.
        """
        row = self._update(
            "SET asked_at = :now, next_ask = :next",
            "attribute_not_exists(pk) OR next_ask <= :now",
            {":now": now, ":next": now + FRESH_SECONDS},
        )
        if row is None:
            return RotationLockState.ACQUIRED
        is_backing_off = _is_backing_off(row, now)
        return RotationLockState.BACKING_OFF if is_backing_off else RotationLockState.HELD

    def release_soon(self, now: float) -> None:
        """Release the lock in RETRY_REQUEST_SECONDS: Secrets Manager refused the request.

        Args:
            now: Epoch seconds, as given to `acquire`.

        Raises:
            LedgerError: It was not written.
        """
        values = {":now": now, ":soon": now + RETRY_REQUEST_SECONDS}
        self._update("SET next_ask = :soon", "asked_at = :now", values)

    def back_off(self, now: float, created_at: float) -> bool:
        """Let nobody acquire the lock for BACK_OFF_SECONDS, if the token came of a request.

        Args:
            now: Epoch seconds.
            created_at: When the refused token was made.

        Returns:
            Whether nobody can acquire it now, by this call or an earlier one.

        Raises:
            LedgerError: It was not written.
        """
        row = self._update(
            "SET next_ask = :rest, rests_until = :rest",
            "asked_at BETWEEN :earliest AND :created"
            " AND (attribute_not_exists(rests_until) OR rests_until <= :now)",
            {
                ":rest": now + BACK_OFF_SECONDS,
                ":earliest": created_at - ROTATION_SECONDS,
                # Secrets Manager's times are whole seconds, and may be rounded down.
                ":created": created_at + 1,
                ":now": now,
            },
        )
        return row is None or _is_backing_off(row, now)

    def _update(
        self, change: str, condition: str, values: dict[str, float]
    ) -> dict[str, Any] | None:
        """Change the row; None if that was done, else the row that did not meet the condition."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": "rotation"}},
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues={
                    name: {"N": str(int(value))} for name, value in values.items()
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return condition_item(error)
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return None


def _is_backing_off(row: dict[str, Any], now: float) -> bool:
    return "rests_until" in row and float(row["rests_until"]["N"]) > now
