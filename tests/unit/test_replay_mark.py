"""The mark of a replay, on its way through a message to the ledger."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.reasons import DynamoReasonStore
from dead_letters.replay import MAX_BYTES, size, with_replay_mark
from invites.errors import LedgerError
from invites.message import REPLAY_OF, ReplayMark, read_mark
from invites.outcome import Verdict
from send_invites.sqs import to_messages
from support.build import DEADLINE, InlineExecutor, message, processor, record, signup
from support.fakes import FakeSender, MemoryLedger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MARK = ReplayMark("letter-1", "token-1", 2)
TEXT = "letter-1/token-1/2"


def test_it_comes_back_as_it_was_sent() -> None:
    """From the attribute of a record to the message."""
    attributes = {REPLAY_OF: {"stringValue": TEXT, "dataType": "String"}}
    (read,) = to_messages({"Records": [record(signup()) | {"messageAttributes": attributes}]})
    assert read.replay == MARK


@pytest.mark.parametrize("text", [None, "", "x", "a/b/0", "a/b/c", "a/b/1\n", "é/b/1", "a//1"])
def test_what_is_no_mark(text: str | None) -> None:
    """Any producer can set the attribute: the message is one like any other then."""
    assert read_mark(text) is None


def test_the_ledger_is_asked(dynamodb: "DynamoDBClient", stub: Stubber) -> None:
    """In one conditional update."""
    ledger = DynamoReasonStore(dynamodb, "ledger", lambda: 0.0)
    stub.add_response("update_item", {})
    assert ledger.accepts(MARK)
    for row, counts in (
        ({"replay_token": {"S": "token-1"}}, False),
        ({"replay_token": {"S": "other"}}, True),
        ({}, True),
    ):
        stub.add_client_error(
            "update_item", "ConditionalCheckFailedException", modeled_fields={"Item": row}
        )
        assert ledger.accepts(MARK) is counts
    stub.add_client_error("update_item", "ThrottlingException")
    with pytest.raises(LedgerError):
        ledger.accepts(MARK)


def test_a_ledger_that_is_down_drops_nobody() -> None:
    """Whether a message counts is not known: it comes again."""
    parts = processor(FakeSender(), MemoryLedger(is_writable=False), InlineExecutor())
    (result,) = parts.process([replace(message(signup()), replay=MARK)], DEADLINE).jobs
    assert result.outcome.verdict is Verdict.RETRY


def test_it_fits_where_there_is_room() -> None:
    """Ten attributes, and 1 MiB with them; a mark from before gives way to the new one."""
    attribute = {"DataType": "String", "StringValue": "x"}
    nine = {f"a{n}": attribute for n in range(9)}
    assert with_replay_mark("", nine, MARK)
    assert with_replay_mark("", {**nine, "b": attribute}, MARK) is None
    assert with_replay_mark("", {**nine, REPLAY_OF: attribute}, MARK)
    room = MAX_BYTES - size("", with_replay_mark("", {}, MARK) or {})
    assert with_replay_mark("x" * room, {}, MARK)
    assert with_replay_mark("x" * (room + 1), {}, MARK) is None
    assert size("é", {"b": {"DataType": "Binary", "BinaryValue": b"123"}}) == 2 + 1 + 6 + 3
