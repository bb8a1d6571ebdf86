"""aws_adapters.ledger.batched_claims, over a stubbed DynamoDB; the stack tests have a real one."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from invites.invite import Invite
from invites.sending.claim import Claim, ClaimState
from support.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ADA, EVE = (Invite(f"{name}@example.test", ("Artist",)) for name in ("ada", "eve"))
UNTIL = 1_772_443_149.2
DUPLICATE = {"Error": {"Code": "DuplicateItem", "Message": "there is one"}}


@pytest.fixture
def once(aws: boto3.Session) -> "DynamoDBClient":
    """The client of the batches."""
    return aws.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def batches(once: "DynamoDBClient") -> Iterator[Stubber]:
    """What the batches meet."""
    with Stubber(once) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def made(alone: Any, once: Any, together: int) -> BatchedClaims:  # noqa: ANN401 - clients, or fakes
    """What is tested; a moment lasts until so many ask."""
    owners = map("owner-{}".format, count())
    rows = ClaimRows("api", keep_seconds=60, now=lambda: 0.0, new_owner=lambda: next(owners))
    claims = DynamoClaims(alone, "ledger", rows)
    batched: BatchedClaims

    def moment() -> None:
        groups = [vars(vars(batched)[name]) for name in ("_inserts", "_updates")]
        wait_until(lambda: any(len(one["_waiting"]) >= together for one in groups), "them to ask")

    batched = BatchedClaims(claims, once, "ledger", moment)
    return batched


@pytest.fixture
def claims(dynamodb: "DynamoDBClient", once: "DynamoDBClient") -> BatchedClaims:
    """For two at a time."""
    return made(dynamodb, once, 2)


class LosingTable:
    """A table that does what it is asked, and loses the answer to a batch."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def batch_execute_statement(self, Statements: list[Any]) -> None:  # noqa: N803 - as boto3's
        """Insert all rows."""
        for one in Statements:
            pk, state, owner, held_until, roles, *_ = one["Parameters"]
            row = {"state": state, "owner": owner, "held_until": held_until, "roles": roles}
            self.rows[pk["S"]] = row
        raise ReadTimeoutError(endpoint_url="https://dynamodb")

    def put_item(self, Item: dict[str, Any], **_: object) -> None:  # noqa: N803 - as boto3's
        """Refuse, for there is a row."""
        error: Any = {"Error": {"Code": "ConditionalCheckFailedException"}}
        raise ClientError(error | {"Item": self.rows[Item["pk"]["S"]]}, "PutItem")


def both(act: Callable[[Invite], Any]) -> list[Any]:
    """Do it for two people side by side."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(act, (ADA, EVE)))


def answer(batches: Stubber, *responses: dict[str, Any]) -> None:
    """A batch is answered so, statement by statement."""
    batches.add_response("batch_execute_statement", {"Responses": list(responses)})


def test_claims_of_one_moment(batches: Stubber, claims: BatchedClaims) -> None:
    """One request inserts the rows of both, and nothing is asked of anybody alone."""
    statement = (
        "INSERT INTO \"ledger\" VALUE {'pk': ?, 'state': ?, 'owner': ?, 'held_until': ?, "
        "'roles': ?, 'expires_at': ?, 'is_exact': ?}"
    )
    request = {"Statements": [{"Statement": statement, "Parameters": ANY}] * 2}
    batches.add_response("batch_execute_statement", {"Responses": [{}, {}]}, request)
    found: Sequence[Claim] = both(lambda invite: claims.claim(invite, UNTIL))
    assert [one.state for one in found] == [ClaimState.OURS] * 2
    assert {one.owner for one in found} == {"owner-0", "owner-1"}
    assert {one.until for one in found} == {1_772_443_150.0}


def test_who_is_there_already(batches: Stubber, stub: Stubber, claims: BatchedClaims) -> None:
    """What a batch refuses for one person is looked at alone; the other is claimed."""
    answer(batches, {}, DUPLICATE)
    invited = {"state": {"S": "invited"}, "roles": {"L": []}}
    code = "ConditionalCheckFailedException"
    stub.add_client_error("put_item", code, modeled_fields={"Item": invited})
    found = both(lambda invite: claims.claim(invite, UNTIL))
    assert {one.state for one in found} == {ClaimState.OURS, ClaimState.INVITED}


def test_a_batch_whose_answer_was_lost() -> None:
    """It has claimed both: alone they find themselves, since the owner is the same."""
    table = LosingTable()
    claims = made(table, table, 2)
    found = both(lambda invite: claims.claim(invite, UNTIL))
    assert [one.state for one in found] == [ClaimState.OURS] * 2
    assert {one.owner for one in found} == {"owner-0", "owner-1"}


def test_completing(batches: Stubber, claims: BatchedClaims) -> None:
    """One request tells of both that they are invited."""
    statement = (
        'UPDATE "ledger" SET "state" = ? SET "roles" = ? SET expires_at = ? SET is_exact = ? '
        "WHERE pk = ?"
    )
    request = {"Statements": [{"Statement": statement, "Parameters": ANY}] * 2}
    batches.add_response("batch_execute_statement", {"Responses": [{}, {}]}, request)
    both(claims.complete)


def test_completing_whose_row_is_gone(
    batches: Stubber, stub: Stubber, claims: BatchedClaims
) -> None:
    """An UPDATE makes no row; alone it is made."""
    answer(batches, {"Error": {"Code": "ConditionalCheckFailed"}}, {})
    stub.add_response("update_item", {})
    both(claims.complete)


def test_who_was_invited_when_keys_folded_case(stub: Stubber, claims: BatchedClaims) -> None:
    """It is asked for before a batch, by whom it concerns; there is nothing to insert then."""
    row = {"state": {"S": "invited"}, "expires_at": {"N": "1"}, "roles": {"L": []}}
    stub.add_response("batch_get_item", {"Responses": {"ledger": [row]}})
    claim = claims.claim(Invite("stra\u00dfe@example.test", ("Artist",)), UNTIL)
    assert claim.state is ClaimState.INVITED


def test_one_alone(stub: Stubber, dynamodb: "DynamoDBClient", once: "DynamoDBClient") -> None:
    """Nobody else comes: the usual writes, and no batch."""
    claims = made(dynamodb, once, 1)
    stub.add_response("put_item", {})
    stub.add_response("update_item", {})
    stub.add_response("delete_item", {})
    claim = claims.claim(ADA, UNTIL)
    assert claim.state is ClaimState.OURS
    claims.complete(ADA)
    claims.release(ADA, claim)
