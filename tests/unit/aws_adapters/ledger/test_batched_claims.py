"""aws_adapters.ledger.batched_claims, over a stubbed DynamoDB; the stack tests have a real one."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from aws_adapters.ledger.batched_claims import BatchedClaims, MicroBatcher
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
    """What is tested; a batch lingers until so many threads have submitted."""
    owners = map("owner-{}".format, count())
    rows = ClaimRows("api", keep_seconds=60, now=lambda: 0.0, new_owner=lambda: next(owners))
    claims = DynamoClaims(alone, "ledger", rows)
    batched: BatchedClaims

    def linger() -> None:
        batchers = [vars(vars(batched)[name]) for name in ("_inserts", "_updates")]
        wait_until(
            lambda: any(len(batcher["_waiting"]) >= together for batcher in batchers),
            "the other threads to submit",
        )

    batched = BatchedClaims(claims, once, "ledger", linger)
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
        for statement in Statements:
            pk, state, owner, held_until, roles, *_ = statement["Parameters"]
            row = {"state": state, "owner": owner, "held_until": held_until, "roles": roles}
            self.rows[pk["S"]] = row
        raise ReadTimeoutError(endpoint_url="https://dynamodb")

    def put_item(self, Item: dict[str, Any], **_: object) -> None:  # noqa: N803 - as boto3's
        """Refuse, for there is a row."""
        error: Any = {"Error": {"Code": "ConditionalCheckFailedException"}}
        raise ClientError(error | {"Item": self.rows[Item["pk"]["S"]]}, "PutItem")


def both(act: Callable[[Invite], Any]) -> list[Any]:
    """Do it for two people in parallel."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(act, (ADA, EVE)))


def answer(batches: Stubber, *responses: dict[str, Any]) -> None:
    """A batch is answered so, statement by statement."""
    batches.add_response("batch_execute_statement", {"Responses": list(responses)})


def test_claims_made_together_are_one_request(batches: Stubber, claims: BatchedClaims) -> None:
    statement = (
        "INSERT INTO \"ledger\" VALUE {'pk': ?, 'state': ?, 'owner': ?, 'held_until': ?, "
        "'roles': ?, 'expires_at': ?, 'is_exact': ?}"
    )
    request = {"Statements": [{"Statement": statement, "Parameters": ANY}] * 2}
    batches.add_response("batch_execute_statement", {"Responses": [{}, {}]}, request)
    found: Sequence[Claim] = both(lambda invite: claims.claim(invite, UNTIL))
    assert [claim.state for claim in found] == [ClaimState.OURS] * 2
    assert {claim.owner for claim in found} == {"owner-0", "owner-1"}
    assert {claim.until for claim in found} == {1_772_443_150.0}


def test_statement_that_is_refused_is_repeated_alone(
    batches: Stubber, stub: Stubber, claims: BatchedClaims
) -> None:
    """So it is known who holds the person; the other person is claimed."""
    answer(batches, {}, DUPLICATE)
    invited = {"state": {"S": "invited"}, "roles": {"L": []}}
    code = "ConditionalCheckFailedException"
    stub.add_client_error("put_item", code, modeled_fields={"Item": invited})
    found = both(lambda invite: claims.claim(invite, UNTIL))
    assert {claim.state for claim in found} == {ClaimState.OURS, ClaimState.INVITED}


def test_claims_of_a_batch_whose_answer_was_lost_are_ours() -> None:
    """Repeated alone, they find rows with the same owner."""
    table = LosingTable()
    claims = made(table, table, 2)
    found = both(lambda invite: claims.claim(invite, UNTIL))
    assert [claim.state for claim in found] == [ClaimState.OURS] * 2
    assert {claim.owner for claim in found} == {"owner-0", "owner-1"}


def test_successes_together_are_one_request(batches: Stubber, claims: BatchedClaims) -> None:
    statement = (
        'UPDATE "ledger" SET "state" = ? SET "roles" = ? SET expires_at = ? SET is_exact = ? '
        "WHERE pk = ?"
    )
    request = {"Statements": [{"Statement": statement, "Parameters": ANY}] * 2}
    batches.add_response("batch_execute_statement", {"Responses": [{}, {}]}, request)
    both(claims.complete)


def test_success_of_a_person_whose_row_is_gone_is_written_alone(
    batches: Stubber, stub: Stubber, claims: BatchedClaims
) -> None:
    """PartiQL's UPDATE makes no row."""
    answer(batches, {"Error": {"Code": "ConditionalCheckFailed"}}, {})
    stub.add_response("update_item", {})
    both(claims.complete)


def test_folded_row_is_read_before_a_batch(stub: Stubber, claims: BatchedClaims) -> None:
    """If it holds the person there is nothing to insert."""
    row = {"state": {"S": "invited"}, "expires_at": {"N": "1"}, "roles": {"L": []}}
    stub.add_response("batch_get_item", {"Responses": {"ledger": [row]}})
    claim = claims.claim(Invite("stra\u00dfe@example.test", ("Artist",)), UNTIL)
    assert claim.state is ClaimState.INVITED


def test_person_alone_is_written_without_a_batch(
    stub: Stubber, dynamodb: "DynamoDBClient", once: "DynamoDBClient"
) -> None:
    claims = made(dynamodb, once, 1)
    stub.add_response("put_item", {})
    stub.add_response("update_item", {})
    stub.add_response("delete_item", {})
    claim = claims.claim(ADA, UNTIL)
    assert claim.state is ClaimState.OURS
    claims.complete(ADA)
    claims.release(ADA, claim)


# How requests of several threads become groups.

MANY = 60


class OddNumbers:
    """Executes groups of numbers, of which the odd ones are done; remembers the groups."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[bool]:
        """Execute a group, which takes a moment."""
        self.groups.append(list(numbers))
        time.sleep(0.001)
        return [number % 2 == 1 for number in numbers]


def until_there_are(count: int, batcher: Callable[[], MicroBatcher[int]]) -> Callable[[], None]:
    """Lingers until so many threads have submitted."""

    def linger() -> None:
        wait_until(lambda: len(vars(batcher())["_waiting"]) >= count, f"{count} to submit")

    return linger


def test_requests_of_one_moment_are_one_group_and_each_has_its_answer() -> None:
    odd_numbers = OddNumbers()
    batcher: MicroBatcher[int] = MicroBatcher(odd_numbers, 25, until_there_are(10, lambda: batcher))
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(batcher.submit, range(10)))
    assert answers == [number % 2 == 1 for number in range(10)]
    assert [sorted(group) for group in odd_numbers.groups] == [list(range(10))]


def test_full_group_goes_at_once() -> None:
    """The thread that lingers finds it gone."""
    odd_numbers = OddNumbers()
    batcher: MicroBatcher[int] = MicroBatcher(odd_numbers, 5, lambda: time.sleep(0.05))
    with ThreadPoolExecutor(5) as threads:
        assert len(list(threads.map(batcher.submit, range(5)))) == 5
    assert [len(group) for group in odd_numbers.groups] == [5]


def test_request_alone_is_a_group_of_one() -> None:
    odd_numbers = OddNumbers()
    assert MicroBatcher(odd_numbers, 25, lambda: None).submit(7) is True
    assert odd_numbers.groups == [[7]]


def test_group_of_one_at_most_does_not_linger() -> None:
    odd_numbers = OddNumbers()
    assert MicroBatcher(odd_numbers, 1, lambda: pytest.fail("waited")).submit(7) is True


@pytest.mark.parametrize("max_batch", [1, 2, 7, 25, MANY])
def test_each_request_is_executed_once_in_groups_that_are_not_too_large(max_batch: int) -> None:
    odd_numbers = OddNumbers()
    batcher: MicroBatcher[int] = MicroBatcher(odd_numbers, max_batch, lambda: time.sleep(0.0005))
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(batcher.submit, range(MANY)))
    assert answers == [number % 2 == 1 for number in range(MANY)]
    assert sorted(number for group in odd_numbers.groups for number in group) == list(range(MANY))
    assert max(map(len, odd_numbers.groups)) <= max_batch


def test_fault_of_ours_is_raised_in_all_threads_of_the_group() -> None:
    """So none of them waits for ever."""
    batcher: MicroBatcher[int]

    def fail(_: Sequence[int]) -> list[bool]:
        raise ValueError("a fault")

    batcher = MicroBatcher(fail, 25, until_there_are(3, lambda: batcher))
    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(batcher.submit, number) for number in range(3)]
        for call in calls:
            with pytest.raises(ValueError, match="a fault"):
                call.result(5)
