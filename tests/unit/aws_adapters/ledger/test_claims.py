"""aws_adapters.ledger.claims: what is written to DynamoDB, and what its answers become."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from invites.errors import LedgerError
from invites.invite import Invite
from invites.sending.claim import Claim, ClaimState, person_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

API = "https://api.example.test"
INVITE = Invite("ada@example.test", ("Artist", "Editor"))
KEY = {"pk": {"S": f"person#{person_key(API, INVITE.email)}"}}
ROLES = {"L": [{"S": "Artist"}, {"S": "Editor"}]}
NOW, UNTIL, KEEP = 1_772_443_000.9, 1_772_443_149.2, 30 * 86_400
# As it is in the ledger, in whole seconds.
CLAIM = Claim(ClaimState.OURS, "me", 1_772_443_150.0, INVITE.roles)


@pytest.fixture
def claims(dynamodb: "DynamoDBClient") -> DynamoClaims:
    """What is tested."""
    rows = ClaimRows(API, keep_seconds=KEEP, now=lambda: NOW, new_owner=lambda: "me")
    return DynamoClaims(dynamodb, "ledger", rows)


def row(state: str, owner: str = "other") -> dict[str, Any]:
    """The row that holds the person."""
    names = {"state": {"S": state}, "owner": {"S": owner}, "held_until": {"N": "1772443100"}}
    return {**KEY, **names, "roles": {"L": [{"S": "Guest"}]}}


def condition_failed(stub: Stubber, operation: str, item: dict[str, Any] | None = None) -> None:
    """DynamoDB refuses the write for its condition, and returns the row."""
    code = "ConditionalCheckFailedException"
    shown = {"Item": item} if item else {}
    stub.add_client_error(operation, code, modeled_fields=shown)


def test_claim_is_one_conditional_write(stub: Stubber, claims: DynamoClaims) -> None:
    """Of the owner, the claim's end, the roles, and the row's expiry."""
    item = {
        **KEY,
        "state": {"S": "in_progress"},
        "owner": {"S": "me"},
        "held_until": {"N": "1772443150"},
        "roles": ROLES,
        "expires_at": {"N": str(1_772_443_000 + KEEP)},
        "is_exact": {"BOOL": True},
    }
    request = {
        "TableName": "ledger",
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk) OR expires_at < :now"
        " OR (#state = :in_progress AND held_until < :now)",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {
            ":now": {"N": "1772443000"},
            ":in_progress": {"S": "in_progress"},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    stub.add_response("put_item", {}, request)
    assert claims.claim(INVITE, UNTIL) == CLAIM


@pytest.mark.parametrize(
    ("found", "state", "owner"),
    [
        (row("in_progress"), ClaimState.ELSEWHERE, "other"),
        (row("in_progress", "me"), ClaimState.OURS, "me"),
        (row("invited"), ClaimState.INVITED, "me"),
        ({**KEY, "state": {"S": "invited"}, "roles": ROLES}, ClaimState.INVITED, "me"),
    ],
    ids=["elsewhere", "ours: the client repeated the call", "invited", "invited without a claim"],
)
def test_claim_that_is_refused_tells_who_holds_the_person(
    stub: Stubber, claims: DynamoClaims, found: dict[str, Any], state: ClaimState, owner: str
) -> None:
    """And until when, and with which roles."""
    condition_failed(stub, "put_item", found)
    claim = claims.claim(INVITE, UNTIL)
    assert (claim.state, claim.owner) == (state, owner)
    assert claim.roles == tuple(role["S"] for role in found["roles"]["L"])
    assert claim.until == (0.0 if state is ClaimState.INVITED else 1_772_443_100.0)


# Its key was that of susan@example.test when keys folded case.
SUSAN = Invite("\u017fusan@example.test", ("Artist",))
FOLDED_KEY = {"pk": {"S": f"person#{person_key(API, 'susan@example.test')}"}}


def folded_row(**other: dict[str, Any]) -> dict[str, Any]:
    """A row of that time: of an invitation that is remembered."""
    return {
        **FOLDED_KEY,
        "state": {"S": "invited"},
        "owner": {"S": "other"},
        "held_until": {"N": "1772443100"},
        "roles": {"L": [{"S": "Guest"}]},
        "expires_at": {"N": "1772443500"},
        **other,
    }


def reads(stub: Stubber, *rows: dict[str, Any], **more: object) -> None:
    """The folded key is read, consistently."""
    request = {"RequestItems": {"ledger": {"Keys": [FOLDED_KEY], "ConsistentRead": True}}}
    stub.add_response("batch_get_item", {"Responses": {"ledger": list(rows)}, **more}, request)


@pytest.mark.parametrize(
    ("row", "claim"),
    [
        (folded_row(), Claim(ClaimState.INVITED, "", 0.0, ("Guest",))),
        (
            folded_row(state={"S": "in_progress"}),
            Claim(ClaimState.ELSEWHERE, "other", 1_772_443_100.0, ("Guest",)),
        ),
    ],
    ids=["invited", "being invited"],
)
def test_row_of_when_keys_folded_case_counts(
    stub: Stubber, claims: DynamoClaims, row: dict[str, Any], claim: Claim
) -> None:
    """Until it expires: nobody is invited twice because keys have changed."""
    reads(stub, row)
    assert claims.claim(SUSAN, UNTIL) == claim


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [folded_row(is_exact={"BOOL": True})],
        [folded_row(expires_at={"N": "1772442999"})],
        [folded_row(state={"S": "in_progress"}, held_until={"N": "1772442999"})],
    ],
    ids=["there is none", "it is somebody else's", "its time is over", "its claim is over"],
)
def test_person_without_such_a_row_is_claimed_by_the_exact_address(
    stub: Stubber, claims: DynamoClaims, rows: list[dict[str, Any]]
) -> None:
    """Another person who had the folded key is not in the way."""
    reads(stub, *rows)
    stub.add_response("put_item", {})
    assert claims.claim(SUSAN, UNTIL).state is ClaimState.OURS


def test_folded_key_that_cannot_be_read_is_an_error(stub: Stubber, claims: DynamoClaims) -> None:
    """So there is no claim, and no call."""
    stub.add_client_error("batch_get_item", "ThrottlingException")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be read: ThrottlingException$"):
        claims.claim(SUSAN, UNTIL)
    reads(stub, UnprocessedKeys={"ledger": {"Keys": [FOLDED_KEY]}})
    with pytest.raises(LedgerError, match=r"^the ledger cannot be read: throttled$"):
        claims.claim(SUSAN, UNTIL)


def test_success_is_written_without_a_condition(stub: Stubber, claims: DynamoClaims) -> None:
    """And remembered from now on."""
    request = {
        "TableName": "ledger",
        "Key": KEY,
        "UpdateExpression": "SET #state = :state, #roles = :roles, expires_at = :expires_at, "
        "is_exact = :is_exact",
        "ExpressionAttributeNames": {"#state": "state", "#roles": "roles"},
        "ExpressionAttributeValues": {
            ":state": {"S": "invited"},
            ":roles": ROLES,
            ":expires_at": {"N": str(1_772_443_000 + KEEP)},
            ":is_exact": {"BOOL": True},
        },
    }
    stub.add_response("update_item", {}, request)
    claims.complete(INVITE)


def test_only_a_claim_of_ones_own_that_is_not_completed_is_released(
    stub: Stubber, claims: DynamoClaims
) -> None:
    """A release that is refused is no error."""
    request = {
        "TableName": "ledger",
        "Key": KEY,
        "ConditionExpression": "#owner = :owner AND #state = :in_progress",
        "ExpressionAttributeNames": {"#owner": "owner", "#state": "state"},
        "ExpressionAttributeValues": {":owner": {"S": "me"}, ":in_progress": {"S": "in_progress"}},
    }
    stub.add_response("delete_item", {}, request)
    claims.release(INVITE, CLAIM)
    condition_failed(stub, "delete_item")
    claims.release(INVITE, CLAIM)


@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_failed_write_is_named_with_aws_code(
    stub: Stubber, claims: DynamoClaims, operation: str
) -> None:
    """It is not taken for a condition that was not met."""
    use: dict[str, Callable[[], object]] = {
        "put_item": lambda: claims.claim(INVITE, UNTIL),
        "update_item": lambda: claims.complete(INVITE),
        "delete_item": lambda: claims.release(INVITE, CLAIM),
    }
    stub.add_client_error(operation, "ThrottlingException", "marked")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: ThrottlingException$"):
        use[operation]()


def test_failure_to_reach_dynamodb_is_named_by_its_kind(
    dynamodb: "DynamoDBClient", claims: DynamoClaims
) -> None:

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://marked")

    dynamodb.meta.events.register("before-send", fail)
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: EndpointConnectionEr"):
        claims.complete(INVITE)
