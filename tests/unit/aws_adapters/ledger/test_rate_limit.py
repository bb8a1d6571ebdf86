"""aws_adapters.ledger.rate_limit: races for slots over one row of DynamoDB."""

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


def limiter(
    client: "DynamoDBClient", per_minute: int, lost: list[None] | None = None
) -> DynamoRateLimiter:
    """What is tested; each lost race adds to the list."""
    lost_races = lost if lost is not None else []
    return DynamoRateLimiter(
        client,
        "ledger",
        per_minute,
        random_fraction=lambda: 0.5,
        sleep_jitter=lambda: lost_races.append(None),
    )


@pytest.mark.usefixtures("stub")
def test_without_a_limit_all_slots_are_now_and_nothing_is_written(
    dynamodb: "DynamoDBClient",
) -> None:
    assert limiter(dynamodb, 0).reserve(2, NOW, NOW + 60, 0) == Slots([NOW] * 2, [], grace=math.inf)


def test_first_write_makes_the_row_and_the_next_starts_from_it(
    dynamodb: "DynamoDBClient", stub: Stubber
) -> None:
    rate_limiter = limiter(dynamodb, 60)
    stub.add_response("update_item", {}, request(NOW + 2, 0.0))
    stub.add_response("update_item", {}, request(NOW + 3, 0.0, old=(NOW + 2, 0.0)))
    assert rate_limiter.reserve(2, NOW, NOW + 60, 0).calls == [NOW, NOW + 1]
    assert rate_limiter.reserve(1, NOW, NOW + 60, 0).calls == [NOW + 2]


def test_slots_after_a_lost_race_follow_those_of_the_winner(
    dynamodb: "DynamoDBClient", stub: Stubber
) -> None:
    stub.add_client_error("update_item", FAILED, modeled_fields=row("1772443010.25", "0"))
    stub.add_response("update_item", {}, request(1772443012.25, 0.0, old=(1772443010.25, 0.0)))
    lost: list[None] = []
    slots = limiter(dynamodb, 60, lost).reserve(2, NOW, NOW + 60, 0)
    assert slots.calls == [1772443010.25, 1772443011.25]
    assert len(lost) == 1


def test_row_that_was_deleted_is_made_again(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    rate_limiter = limiter(dynamodb, 60)
    stub.add_response("update_item", {}, request(NOW + 1, 0.0))
    rate_limiter.reserve(1, NOW, NOW + 60, 0)
    stub.add_client_error("update_item", FAILED)
    stub.add_response("update_item", {}, request(NOW + 1, 0.0))
    assert rate_limiter.reserve(1, NOW, NOW + 60, 0).calls == [NOW]


def test_environment_gives_up_after_fifty_lost_races(
    dynamodb: "DynamoDBClient", stub: Stubber
) -> None:
    """Then the batch goes back to the queue."""
    for number in range(MAX_TRIES):
        shown = row(f"17724430{number + 10}", "0")
        stub.add_client_error("update_item", FAILED, modeled_fields=shown)
    lost: list[None] = []
    with pytest.raises(LedgerError, match=r"^the rate limit was changed by others 50 times"):
        limiter(dynamodb, 60, lost).reserve(1, NOW, NOW + 60, 0)
    assert (MAX_TRIES, len(lost)) == (50, 50)


def test_failed_write_is_no_lost_race_and_not_repeated(
    dynamodb: "DynamoDBClient", stub: Stubber
) -> None:
    lost: list[None] = []
    stub.add_client_error("update_item", "ProvisionedThroughputExceededException", "marked")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: ProvisionedThr\w+$"):
        limiter(dynamodb, 60, lost).reserve(1, NOW, NOW + 60, 0)
    assert lost == []


@pytest.mark.parametrize(("own", "seen", "gap"), [(60, 0, 1), (0, 60, 1), (60, 30, 2), (30, 60, 2)])
def test_slower_of_both_limits_holds(
    dynamodb: "DynamoDBClient", stub: Stubber, own: int, seen: int, gap: float
) -> None:
    """The deployment's own limit, and the limit that the API was seen to apply."""
    stub.add_response("update_item", {})
    slots = limiter(dynamodb, own).reserve(2, NOW, NOW + 60, seen)
    assert slots.calls == [NOW, NOW + gap]


@pytest.mark.parametrize("own", [0, 60])
@pytest.mark.parametrize("per_minute", [1, 60, 60_000])
def test_places_in_the_queue_are_an_interval_apart_and_take_no_slot(
    dynamodb: "DynamoDBClient", stub: Stubber, own: int, per_minute: int
) -> None:
    gap = 60 / per_minute
    stub.add_response("update_item", {}, request(0.0, NOW + 2 * gap))
    places = limiter(dynamodb, own).queue_up(2, NOW, per_minute)
    assert places == [NOW, NOW + gap]
