"""aws_adapters.ledger.dead_letter_writes, where DynamoDB refuses or fails."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.dead_letter_writes import DynamoDeadLetterWriter
from dead_letters.letter import State
from dead_letters.ports import Intent
from invites.errors import LedgerError
from support.dead_letters import ADA, letter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INTENT = Intent("digest", [], again=False)


@pytest.fixture
def writer(dynamodb: "DynamoDBClient") -> DynamoDeadLetterWriter:
    """A writer to a stubbed table."""
    return DynamoDeadLetterWriter(dynamodb, "ledger", lambda: 0.0, lambda: "token")


def test_a_replay_that_broke_off_goes_on_with_its_token_as_the_next_attempt(
    writer: DynamoDeadLetterWriter, stub: Stubber
) -> None:
    broken: dict[str, Any] = {"state": {"S": "sending"}, "replay_token": {"S": "first"}}
    stub.add_response("update_item", {"Attributes": {**broken, "replay_attempt": {"N": "4"}}})
    start = writer.begin_replay(letter(1), INTENT, ADA)
    assert (str(start.mark), start.before) == ("letter-1/first/5", State.SENDING)


def test_a_letter_that_is_done_is_left_as_it_is(
    writer: DynamoDeadLetterWriter, stub: Stubber
) -> None:
    """The refusal of the update brings the state."""
    done = {"Item": {"state": {"S": "sent"}}}
    for _ in range(3):
        stub.add_client_error("update_item", "ConditionalCheckFailedException", modeled_fields=done)
    assert writer.begin_replay(letter(1), INTENT, ADA).before is State.SENT
    assert writer.mark_discarded(letter(1), "why", ADA) is State.SENT
    assert writer.mark_found(letter(1)) is State.SENT


def test_a_note_that_cannot_be_written_is_an_error(
    writer: DynamoDeadLetterWriter, stub: Stubber
) -> None:
    """Nothing may be sent without its note."""
    stub.add_client_error("update_item", "ThrottlingException")
    with pytest.raises(LedgerError, match=r"cannot be written: ThrottlingException$"):
        writer.mark_left("a")
