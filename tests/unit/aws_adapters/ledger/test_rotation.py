"""aws_adapters.ledger.rotation: who may request a rotation, and when."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.rotation import (
    RETRY_REQUEST_SECONDS,
    DynamoRotationLock,
    RotationLockState,
)
from invites.errors import LedgerError
from invites.token import BACK_OFF_SECONDS, FRESH_SECONDS, ROTATION_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

NOW, CREATED = 1_772_443_000.9, 1_772_442_990.0


@pytest.fixture
def lock(dynamodb: "DynamoDBClient") -> DynamoRotationLock:
    """What is tested."""
    return DynamoRotationLock(dynamodb, "ledger")


def request(change: str, condition: str, **values: float) -> dict[str, Any]:
    """A conditional update of the row, with whole seconds."""
    return {
        "TableName": "ledger",
        "Key": {"pk": {"S": "rotation"}},
        "UpdateExpression": change,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {f":{k}": {"N": str(int(v))} for k, v in values.items()},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def refuse(stub: Stubber, **row: float) -> None:
    """The next update does not meet its condition: this is the row, if there is one."""
    item = {name: {"N": str(value)} for name, value in row.items()}
    shown = {"Item": item} if item else {}
    stub.add_client_error("update_item", "ConditionalCheckFailedException", modeled_fields=shown)


def test_lock_is_acquired_where_nobody_holds_it(stub: Stubber, lock: DynamoRotationLock) -> None:
    expected = request(
        "SET asked_at = :now, next_ask = :next",
        "attribute_not_exists(pk) OR next_ask <= :now",
        now=NOW,
        next=NOW + FRESH_SECONDS,
    )
    stub.add_response("update_item", {}, expected)
    assert lock.acquire(NOW) is RotationLockState.ACQUIRED


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"next_ask": NOW + 1}, RotationLockState.HELD),
        ({"next_ask": NOW + 1, "rests_until": NOW - 1}, RotationLockState.HELD),
        ({"next_ask": NOW + 9, "rests_until": NOW + 9}, RotationLockState.BACKING_OFF),
    ],
)
def test_lock_that_is_not_free_tells_why(
    stub: Stubber, lock: DynamoRotationLock, row: dict[str, float], state: RotationLockState
) -> None:
    refuse(stub, **row)
    assert lock.acquire(NOW) is state


def test_lock_is_released_soon_only_by_its_holder(stub: Stubber, lock: DynamoRotationLock) -> None:
    soon = NOW + RETRY_REQUEST_SECONDS
    expected = request("SET next_ask = :soon", "asked_at = :now", now=NOW, soon=soon)
    stub.add_response("update_item", {}, expected)
    lock.release_soon(NOW)


def test_back_off_needs_a_token_that_came_of_a_request(
    stub: Stubber, lock: DynamoRotationLock
) -> None:
    expected = request(
        "SET next_ask = :rest, rests_until = :rest",
        "asked_at BETWEEN :earliest AND :created"
        " AND (attribute_not_exists(rests_until) OR rests_until <= :now)",
        rest=NOW + BACK_OFF_SECONDS,
        earliest=CREATED - ROTATION_SECONDS,
        created=CREATED + 1,
        now=NOW,
    )
    stub.add_response("update_item", {}, expected)
    assert lock.back_off(NOW, CREATED) is True


@pytest.mark.parametrize(
    ("row", "is_backing_off"),
    [
        ({}, False),
        ({"asked_at": NOW - 9000}, False),
        ({"asked_at": CREATED, "rests_until": NOW + 9}, True),
    ],
    ids=["no request ever", "made by an operator", "backed off before"],
)
def test_back_off_that_is_refused_tells_whether_one_is_under_way(
    stub: Stubber, lock: DynamoRotationLock, row: dict[str, float], *, is_backing_off: bool
) -> None:
    refuse(stub, **row)
    assert lock.back_off(NOW, CREATED) is is_backing_off


def test_ledger_that_cannot_be_written_is_no_refusal(
    stub: Stubber, lock: DynamoRotationLock
) -> None:
    uses: list[Callable[[], object]] = [
        lambda: lock.acquire(NOW),
        lambda: lock.release_soon(NOW),
        lambda: lock.back_off(NOW, CREATED),
    ]
    for use in uses:
        stub.add_client_error("update_item", "ThrottlingException", "marked")
        with pytest.raises(LedgerError, match=r"^the ledger cannot be written: Throttling\w+$"):
            use()
