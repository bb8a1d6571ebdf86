"""aws_adapters.ledger.dead_letter_reads and notes, where DynamoDB does not do as it should."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.dead_letter_reads import DynamoDeadLetterReader, read_row
from aws_adapters.ledger.dead_letter_writes import DynamoDeadLetterWriter
from aws_adapters.ledger.forget_claim import DynamoForgetClaim
from dead_letters.letter import CAUSE_UNKNOWN, State
from dead_letters.ports import Intent
from invites.errors import LedgerError
from invites.sending.claim import person_key
from support.build import InlineExecutor
from support.triage_fakes import letter
from unit.triage_parts import ADA

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = {"pk": {"S": "message#a"}}
LEFT_OUT = {"Responses": {}, "UnprocessedKeys": {"ledger": {"Keys": [KEY], "ConsistentRead": True}}}
REFUSED = "ConditionalCheckFailedException"
# Whose key was that of strasse@example.test when keys folded case.
SHARP = "stra\u00dfe@example.test"


@pytest.fixture
def reads(dynamodb: "DynamoDBClient") -> DynamoDeadLetterReader:
    """Rows of a stubbed table."""
    return DynamoDeadLetterReader(dynamodb, "ledger", InlineExecutor(), lambda: 0.0, 1)


@pytest.fixture
def notes(dynamodb: "DynamoDBClient") -> DynamoDeadLetterWriter:
    """Notes in a stubbed table."""
    return DynamoDeadLetterWriter(dynamodb, "ledger", lambda: 0.0, lambda: "token")


def test_a_row_of_another_version() -> None:
    """Whatever is missing or new in it, it is a row."""
    row = read_row({**KEY, "state": {"S": "what"}, "status": {"NULL": True}, "left_at": {"N": "5"}})
    assert (row.code, row.state, row.status, row.sent_at) == (CAUSE_UNKNOWN, State.LEFT, None, 0)


def test_rows_that_were_left_out_are_asked_for_again(
    reads: DynamoDeadLetterReader, stub: Stubber
) -> None:
    """A throttled table may give nothing twice: then it is told, and not taken for no rows."""
    two = {"Keys": [KEY, {"pk": {"S": "message#b"}}], "ConsistentRead": True}
    stub.add_response("batch_get_item", LEFT_OUT, {"RequestItems": {"ledger": two}})
    stub.add_response("batch_get_item", {"Responses": {"ledger": [KEY]}, "UnprocessedKeys": {}})
    assert reads.rows(["a", "b"]).keys() == {"a"}
    stub.add_response("batch_get_item", LEFT_OUT)
    with pytest.raises(LedgerError, match="throttled"):
        reads.rows(["a"])


def test_a_table_that_cannot_be_read(reads: DynamoDeadLetterReader, stub: Stubber) -> None:
    """AWS's error is named by its code."""
    for operation, read in (("query", reads.dead), ("batch_get_item", lambda: reads.rows(["a"]))):
        stub.add_client_error(operation, "AccessDeniedException")
        with pytest.raises(LedgerError, match=r"cannot be read: AccessDeniedException$"):
            read()


def test_a_replay_goes_on_where_another_broke_off(
    notes: DynamoDeadLetterWriter, stub: Stubber
) -> None:
    """With its token, and as the next try."""
    broken: dict[str, Any] = {"state": {"S": "sending"}, "replay_token": {"S": "first"}}
    stub.add_response("update_item", {"Attributes": {**broken, "replay_attempt": {"N": "4"}}})
    begun = notes.begin(letter(1), Intent("digest", [], again=False), ADA)
    assert (str(begun.mark), begun.before) == ("letter-1/first/5", State.SENDING)


def test_what_is_done_is_not_begun(notes: DynamoDeadLetterWriter, stub: Stubber) -> None:
    """The row says how it ended."""
    done = {"Item": {"state": {"S": "sent"}}}
    for _ in range(3):
        stub.add_client_error("update_item", REFUSED, modeled_fields=done)
    assert notes.begin(letter(1), Intent("", [], again=False), ADA).before is State.SENT
    assert notes.discard(letter(1), "why", ADA) is State.SENT
    assert notes.found(letter(1)) is State.SENT


def test_a_note_that_cannot_be_written(notes: DynamoDeadLetterWriter, stub: Stubber) -> None:
    """It is an error: nothing may be sent without it."""
    stub.add_client_error("update_item", "ThrottlingException")
    with pytest.raises(LedgerError, match=r"cannot be written: ThrottlingException$"):
        notes.left("a")


def test_who_is_being_invited_is_not_forgotten(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """Somebody who never was needs no forgetting."""
    claims = DynamoForgetClaim(dynamodb, "ledger", "https://api.example.test")
    stub.add_client_error("delete_item", REFUSED)
    claims.forget("ada@example.test")
    busy = {"Item": {"state": {"S": "in_progress"}}}
    stub.add_client_error("delete_item", REFUSED, modeled_fields=busy)
    with pytest.raises(LedgerError, match="just now"):
        claims.forget("ada@example.test")
    stub.add_client_error("delete_item", "ThrottlingException")
    with pytest.raises(LedgerError, match="ThrottlingException"):
        claims.forget("ada@example.test")


def test_a_person_is_forgotten_by_the_folded_key_too(
    dynamodb: "DynamoDBClient", stub: Stubber
) -> None:
    """Else who was invited when keys folded case could not be invited anew; but nobody else is."""
    api = "https://api.example.test"
    claims = DynamoForgetClaim(dynamodb, "ledger", api)
    asked = {
        "TableName": "ledger",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {":invited": {"S": "invited"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    folded = asked | {
        "Key": {"pk": {"S": f"person#{person_key(api, 'strasse@example.test')}"}},
        "ConditionExpression": "#state = :invited AND attribute_not_exists(is_exact)",
    }
    exact = asked | {
        "Key": {"pk": {"S": f"person#{person_key(api, SHARP)}"}},
        "ConditionExpression": "#state = :invited",
    }
    stub.add_response("delete_item", {}, folded)
    stub.add_response("delete_item", {}, exact)
    claims.forget(SHARP)
    anothers = {"Item": {"state": {"S": "in_progress"}, "is_exact": {"BOOL": True}}}
    stub.add_client_error("delete_item", REFUSED, modeled_fields=anothers)
    stub.add_response("delete_item", {}, exact)
    claims.forget(SHARP)
    busy = {"Item": {"state": {"S": "in_progress"}}}
    stub.add_client_error("delete_item", REFUSED, modeled_fields=busy)
    with pytest.raises(LedgerError, match="just now"):
        claims.forget(SHARP)
