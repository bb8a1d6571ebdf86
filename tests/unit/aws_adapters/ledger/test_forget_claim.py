"""aws_adapters.ledger.forget_claim."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.forget_claim import DynamoForgetClaim
from invites.errors import LedgerError
from invites.sending.claim import person_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

API = "https://api.example.test"
ADA = "ada@example.test"
# Had the key of strasse@example.test when keys folded case.
SHARP = "stra\u00dfe@example.test"
REFUSED = "ConditionalCheckFailedException"
IN_PROGRESS: dict[str, Any] = {"Item": {"state": {"S": "in_progress"}}}


@pytest.fixture
def forget(dynamodb: "DynamoDBClient") -> DynamoForgetClaim:
    """Forgets in a stubbed table."""
    return DynamoForgetClaim(dynamodb, "ledger", API)


def _delete(email: str, condition: str) -> dict[str, Any]:
    return {
        "TableName": "ledger",
        "Key": {"pk": {"S": f"person#{person_key(API, email)}"}},
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {":invited": {"S": "invited"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


FOLDED = _delete("strasse@example.test", "#state = :invited AND attribute_not_exists(is_exact)")
EXACT = _delete(SHARP, "#state = :invited")


def test_a_person_who_was_never_invited_needs_no_forgetting(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    stub.add_client_error("delete_item", REFUSED)
    forget(ADA)


def test_a_person_who_is_being_invited_is_not_forgotten(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    stub.add_client_error("delete_item", REFUSED, modeled_fields=IN_PROGRESS)
    with pytest.raises(LedgerError, match="just now"):
        forget(ADA)


def test_a_claim_that_cannot_be_deleted_is_an_error(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    stub.add_client_error("delete_item", "ThrottlingException")
    with pytest.raises(LedgerError, match="ThrottlingException"):
        forget(ADA)


def test_a_person_is_forgotten_by_the_folded_key_as_well(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    """Else a person who was invited when keys folded case could not be invited again."""
    stub.add_response("delete_item", {}, FOLDED)
    stub.add_response("delete_item", {}, EXACT)
    forget(SHARP)


def test_another_person_under_the_folded_key_is_not_forgotten(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    others = {"Item": {**IN_PROGRESS["Item"], "is_exact": {"BOOL": True}}}
    stub.add_client_error("delete_item", REFUSED, modeled_fields=others)
    stub.add_response("delete_item", {}, EXACT)
    forget(SHARP)


def test_a_person_who_is_being_invited_under_the_folded_key_is_not_forgotten(
    forget: DynamoForgetClaim, stub: Stubber
) -> None:
    stub.add_client_error("delete_item", REFUSED, modeled_fields=IN_PROGRESS)
    with pytest.raises(LedgerError, match="just now"):
        forget(SHARP)
