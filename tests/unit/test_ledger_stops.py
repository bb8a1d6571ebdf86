"""aws_adapters.ledger.reasons: which stops hold."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.reasons import DynamoReasonStore
from invites.errors import Code, LedgerError
from invites.job import Trace
from invites.outcome import Outcome, Verdict
from invites.signup import UNKNOWN_ORIGIN
from support.build import message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_772_443_000.9
DOWN = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, "the ledger cannot be read: Down")


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient") -> DynamoReasonStore:
    """What is tested."""
    return DynamoReasonStore(dynamodb, "ledger", lambda: NOW)


def test_a_stop_is_not_written_over(ledger: DynamoReasonStore, stub: Stubber) -> None:
    """That it is there already is no failure: the message was stopped, and its reason is kept."""
    stub.add_client_error("update_item", "ConditionalCheckFailedException", "marked")
    ledger.record(message("", receives=2), UNKNOWN_ORIGIN, DOWN)


@pytest.mark.parametrize("code", ["ThrottlingException", "TransactionConflictException"])
def test_another_failure(ledger: DynamoReasonStore, stub: Stubber, code: str) -> None:
    """Any other failure is one, or a stop would be taken for kept."""
    stub.add_client_error("update_item", code, "marked")
    with pytest.raises(LedgerError, match=f"^the ledger cannot be written: {code}$"):
        ledger.record(message("", receives=2), UNKNOWN_ORIGIN, DOWN)


def test_a_message_twice_in_a_batch(ledger: DynamoReasonStore, stub: Stubber) -> None:
    """SQS may deliver one twice at once, and DynamoDB refuses a key that is there twice."""
    keys = [{"pk": {"S": f"message#message-{number}"}} for number in (2, 1, 3)]
    request = {"RequestItems": {"ledger": {"Keys": keys, "ConsistentRead": True}}}
    stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": {}}, request)
    assert ledger.recall([message("", number) for number in (2, 1, 2, 3, 1)]) == {}


def row(number: int, **texts: str) -> dict[str, Any]:
    """A row as DynamoDB gives it."""
    return {"pk": {"S": f"message#message-{number}"}, **{k: {"S": v} for k, v in texts.items()}}


def test_a_row_of_another_version(ledger: DynamoReasonStore, stub: Stubber) -> None:
    """A stop whose code is unknown, or that lacks fields, is a stop; any row is a trace."""
    rows = [
        row(1, verdict="stop", code="of_a_newer_version", detail="body is not JSON"),
        row(2, verdict="stop"),
        row(3),
        row(4, verdict="of a newer version"),
    ]
    stub.add_response("batch_get_item", {"Responses": {"ledger": rows}, "UnprocessedKeys": {}})
    traces = ledger.recall([message("", number) for number in range(1, 5)])
    assert traces == {
        "message-1": Trace(Outcome(Verdict.STOP, None, "body is not JSON")),
        "message-2": Trace(Outcome(Verdict.STOP)),
        "message-3": Trace(),
        "message-4": Trace(),
    }
