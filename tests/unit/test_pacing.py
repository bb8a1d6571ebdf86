"""aws_adapters.ledger.rate_limit."""

import math
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.rate_limit import MAX_TRIES, DynamoRateLimiter
from invites.errors import LedgerError
from invites.sending.rate_limit import Slots

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_772_443_000.5
FAILED = "ConditionalCheckFailedException"


def request(slot: float, line: float, old: tuple[float, float] | None = None) -> dict[str, Any]:
    """The write of a state, under the condition that the old one is still there."""
    values = {":slot": {"N": repr(slot)}, ":line": {"N": repr(line)}}
    condition = "attribute_not_exists(pk)"
    if old:
        condition = "next_slot = :old_slot AND line_end = :old_line"
        values |= {":old_slot": {"N": repr(old[0])}, ":old_line": {"N": repr(old[1])}}
    return {
        "TableName": "ledger",
        "Key": {"pk": {"S": "pace"}},
        "UpdateExpression": "SET next_slot = :slot, line_end = :line",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def row(slot: str, line: str) -> dict[str, Any]:
    """The row as DynamoDB shows it."""
    return {"Item": {"pk": {"S": "pace"}, "next_slot": {"N": slot}, "line_end": {"N": line}}}


def paced(
    client: "DynamoDBClient", per_minute: int, lost: list[None] | None = None
) -> DynamoRateLimiter:
    """What is tested; at each lost race something is added to the list."""
    steps = lost if lost is not None else []
    return DynamoRateLimiter(
        client,
        "ledger",
        per_minute,
        random_fraction=lambda: 0.5,
        sleep_jitter=lambda: steps.append(None),
    )


@pytest.mark.usefixtures("stub")
def test_no_limit(dynamodb: "DynamoDBClient") -> None:
    """Without any limit all go now, and the ledger is not asked."""
    assert paced(dynamodb, 0).reserve(2, NOW, NOW + 60, 0) == Slots([NOW] * 2, [], grace=math.inf)


def test_the_first_ever(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """One conditional write makes the row; the next one starts from what it wrote."""
    pace = paced(dynamodb, 60)
    stub.add_response("update_item", {}, request(NOW + 2, 0.0))
    stub.add_response("update_item", {}, request(NOW + 3, 0.0, old=(NOW + 2, 0.0)))
    assert pace.reserve(2, NOW, NOW + 60, 0).calls == [NOW, NOW + 1]
    assert pace.reserve(1, NOW, NOW + 60, 0).calls == [NOW + 2]


def test_a_lost_race(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """Somebody was quicker: after a moment the slots are those after theirs."""
    stub.add_client_error("update_item", FAILED, modeled_fields=row("1772443010.25", "0"))
    stub.add_response("update_item", {}, request(1772443012.25, 0.0, old=(1772443010.25, 0.0)))
    lost: list[None] = []
    slots = paced(dynamodb, 60, lost).reserve(2, NOW, NOW + 60, 0)
    assert slots.calls == [1772443010.25, 1772443011.25]
    assert len(lost) == 1


def test_a_row_that_is_gone(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """If somebody deleted the row, it is made anew."""
    pace = paced(dynamodb, 60)
    stub.add_response("update_item", {}, request(NOW + 1, 0.0))
    pace.reserve(1, NOW, NOW + 60, 0)
    stub.add_client_error("update_item", FAILED)
    stub.add_response("update_item", {}, request(NOW + 1, 0.0))
    assert pace.reserve(1, NOW, NOW + 60, 0).calls == [NOW]


def test_races_that_are_all_lost(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """It is given up at some time: the batch comes again."""
    for number in range(MAX_TRIES):
        shown = row(f"17724430{number + 10}", "0")
        stub.add_client_error("update_item", FAILED, modeled_fields=shown)
    lost: list[None] = []
    with pytest.raises(LedgerError, match=r"^the rate limit was changed by others 50 times"):
        paced(dynamodb, 60, lost).reserve(1, NOW, NOW + 60, 0)
    assert (MAX_TRIES, len(lost)) == (50, 50)


def test_a_ledger_that_is_down(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """A failure is no lost race: it is not tried again here."""
    lost: list[None] = []
    stub.add_client_error("update_item", "ProvisionedThroughputExceededException", "marked")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: ProvisionedThr\w+$"):
        paced(dynamodb, 60, lost).reserve(1, NOW, NOW + 60, 0)
    assert lost == []


@pytest.mark.parametrize(("own", "seen", "gap"), [(60, 0, 1), (0, 60, 1), (60, 30, 2), (30, 60, 2)])
def test_two_limits(
    dynamodb: "DynamoDBClient", stub: Stubber, own: int, seen: int, gap: float
) -> None:
    """The limit of the deployment and that of the API hold both."""
    stub.add_response("update_item", {})
    slots = paced(dynamodb, own).reserve(2, NOW, NOW + 60, seen)
    assert slots.calls == [NOW, NOW + gap]


@pytest.mark.parametrize("own", [0, 60])
@pytest.mark.parametrize("per_minute", [1, 60, 60_000])
def test_the_line(dynamodb: "DynamoDBClient", stub: Stubber, own: int, per_minute: int) -> None:
    """Places are an interval apart, and no slot is taken for them, however long it is."""
    gap = 60 / per_minute
    stub.add_response("update_item", {}, request(0.0, NOW + 2 * gap))
    places = paced(dynamodb, own).queue_up(2, NOW, per_minute)
    assert places == [NOW, NOW + gap]
