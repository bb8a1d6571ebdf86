"""aws_adapters.ledger.claims."""

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
    """The row that is in the way."""
    names = {"state": {"S": state}, "owner": {"S": owner}, "held_until": {"N": "1772443100"}}
    return {**KEY, **names, "roles": {"L": [{"S": "Guest"}]}}


def condition_failed(stub: Stubber, operation: str, item: dict[str, Any] | None = None) -> None:
    """DynamoDB refuses the write for its condition, and shows what is there."""
    code = "ConditionalCheckFailedException"
    shown = {"Item": item} if item else {}
    stub.add_client_error(operation, code, modeled_fields=shown)


def test_a_claim(stub: Stubber, claims: DynamoClaims) -> None:
    """One conditional write: whoever holds it, until when, with which roles, and its expiry."""
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
def test_what_is_found(
    stub: Stubber, claims: DynamoClaims, found: dict[str, Any], state: ClaimState, owner: str
) -> None:
    """Of a claim that is in the way it is told whose it is, for how long, and the roles."""
    condition_failed(stub, "put_item", found)
    claim = claims.claim(INVITE, UNTIL)
    assert (claim.state, claim.owner) == (state, owner)
    assert claim.roles == tuple(role["S"] for role in found["roles"]["L"])
    assert claim.until == (0.0 if state is ClaimState.INVITED else 1_772_443_100.0)


# Whose key was that of susan@example.test when keys folded case.
SUSAN = Invite("\u017fusan@example.test", ("Artist",))
FOLDED_KEY = {"pk": {"S": f"person#{person_key(API, 'susan@example.test')}"}}


def folded_row(**other: dict[str, Any]) -> dict[str, Any]:
    """A row that was written then: of an invitation that is remembered."""
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
    """The folded key is asked for, consistently."""
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
def test_a_row_of_when_keys_folded_case_counts(
    stub: Stubber, claims: DynamoClaims, row: dict[str, Any], claim: Claim
) -> None:
    """For as long as it lives: nobody is invited twice for a new key."""
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
def test_without_such_a_row_the_person_is_claimed(
    stub: Stubber, claims: DynamoClaims, rows: list[dict[str, Any]]
) -> None:
    """By the exact address; whoever else had the folded key is not in the way."""
    reads(stub, *rows)
    stub.add_response("put_item", {})
    assert claims.claim(SUSAN, UNTIL).state is ClaimState.OURS


def test_a_folded_key_that_cannot_be_read(stub: Stubber, claims: DynamoClaims) -> None:
    """Without knowing there is no claim, and so no call."""
    stub.add_client_error("batch_get_item", "ThrottlingException")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be read: ThrottlingException$"):
        claims.claim(SUSAN, UNTIL)
    reads(stub, UnprocessedKeys={"ledger": {"Keys": [FOLDED_KEY]}})
    with pytest.raises(LedgerError, match=r"^the ledger cannot be read: throttled$"):
        claims.claim(SUSAN, UNTIL)


def test_completing(stub: Stubber, claims: DynamoClaims) -> None:
    """A success is written without a condition, and remembered from now on."""
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


def test_releasing(stub: Stubber, claims: DynamoClaims) -> None:
    """Only a claim of one's own that is not completed is given up; if it is not, that is fine."""
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
def test_a_ledger_that_is_down(stub: Stubber, claims: DynamoClaims, operation: str) -> None:
    """AWS's error is named by its code, and told from a condition."""
    use: dict[str, Callable[[], object]] = {
        "put_item": lambda: claims.claim(INVITE, UNTIL),
        "update_item": lambda: claims.complete(INVITE),
        "delete_item": lambda: claims.release(INVITE, CLAIM),
    }
    stub.add_client_error(operation, "ThrottlingException", "marked")
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: ThrottlingException$"):
        use[operation]()


def test_a_ledger_that_is_away(dynamodb: "DynamoDBClient", claims: DynamoClaims) -> None:
    """A failure to reach AWS is named by its kind."""

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://marked")

    dynamodb.meta.events.register("before-send", fail)
    with pytest.raises(LedgerError, match=r"^the ledger cannot be written: EndpointConnectionEr"):
        claims.complete(INVITE)
