"""aws_adapters.ledger.dead_letter_reads, where DynamoDB does not answer as it should."""

from typing import TYPE_CHECKING

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.dead_letter_reads import DynamoDeadLetterReader, read_record
from dead_letters.letter import CAUSE_UNKNOWN, State
from invites.errors import LedgerError
from support.build import InlineExecutor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY_A, KEY_B = {"pk": {"S": "message#a"}}, {"pk": {"S": "message#b"}}
NOTHING_READ = {
    "Responses": {},
    "UnprocessedKeys": {"ledger": {"Keys": [KEY_A], "ConsistentRead": True}},
}


@pytest.fixture
def reader(dynamodb: "DynamoDBClient") -> DynamoDeadLetterReader:
    """A reader of a stubbed table."""
    return DynamoDeadLetterReader(dynamodb, "ledger", InlineExecutor(), lambda: 0.0, 1)


def test_an_item_of_another_version_is_a_record() -> None:
    """Attributes may be missing, have another type or a value that is not known."""
    record = read_record(
        {**KEY_A, "state": {"S": "what"}, "status": {"NULL": True}, "left_at": {"N": "5"}}
    )
    assert (record.code, record.state) == (CAUSE_UNKNOWN, State.LEFT)
    assert (record.status, record.sent_at) == (None, 0)


def test_unprocessed_keys_are_requested_again(
    reader: DynamoDeadLetterReader, stub: Stubber
) -> None:
    both = {"Keys": [KEY_A, KEY_B], "ConsistentRead": True}
    stub.add_response("batch_get_item", NOTHING_READ, {"RequestItems": {"ledger": both}})
    stub.add_response("batch_get_item", {"Responses": {"ledger": [KEY_A]}, "UnprocessedKeys": {}})
    assert reader.get(["a", "b"]).keys() == {"a"}


def test_a_table_that_processes_no_key_is_an_error(
    reader: DynamoDeadLetterReader, stub: Stubber
) -> None:
    """It is throttled, and must not pass for a table without records."""
    stub.add_response("batch_get_item", NOTHING_READ)
    with pytest.raises(LedgerError, match="throttled"):
        reader.get(["a"])


def test_an_error_names_the_code_of_aws(reader: DynamoDeadLetterReader, stub: Stubber) -> None:
    reads = (("query", reader.list_all), ("batch_get_item", lambda: reader.get(["a"])))
    for operation, read in reads:
        stub.add_client_error(operation, "AccessDeniedException")
        with pytest.raises(LedgerError, match=r"cannot be read: AccessDeniedException$"):
            read()
