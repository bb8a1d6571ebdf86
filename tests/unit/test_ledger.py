"""send_invites.ledger."""

from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from invites.errors import Code, LedgerError
from invites.origin import NOBODY, Origin
from invites.outcome import Outcome, Verdict
from ledger.rows import REASON_DAYS
from send_invites.ledger import DynamoLedger
from support.build import message

TABLE = "ledger"
NOW = 1_772_443_000.9
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses: roles.0: no", 422)


def row(number: int, verdict: str, status: int | None = None) -> dict[str, Any]:
    """A row as DynamoDB gives it."""
    return {
        "pk": {"S": f"message#message-{number}"},
        "verdict": {"S": verdict},
        "code": {"S": "malformed_body"},
        "detail": {"S": "body is not JSON"},
        "status": {"N": str(status)} if status else {"NULL": True},
    }


def read_request(*numbers: int) -> dict[str, Any]:
    """The request for the rows of these messages."""
    keys = [{"pk": {"S": f"message#message-{number}"}} for number in numbers]
    return {"RequestItems": {TABLE: {"Keys": keys, "ConsistentRead": True}}}


def test_stops(aws: boto3.Session) -> None:
    """Of the rows that are there only stops count, by message id."""
    client = aws.client("dynamodb")
    rows = [row(1, "stop"), row(2, "retry"), row(3, "stop", 422), row(4, "pause")]
    response = {"Responses": {TABLE: rows}, "UnprocessedKeys": {}}
    with Stubber(client) as stub:
        stub.add_response("batch_get_item", response, read_request(1, 2, 3, 4, 5))
        stops = DynamoLedger(client, TABLE, lambda: NOW).stops(
            [message("", n) for n in range(1, 6)]
        )
    malformed = (Verdict.STOP, Code.MALFORMED_BODY, "body is not JSON")
    assert stops == {"message-1": Outcome(*malformed), "message-3": Outcome(*malformed, 422)}


def test_rows_that_were_not_read(aws: boto3.Session) -> None:
    """A throttled table leaves rows out: that is no proof that there was no stop."""
    client = aws.client("dynamodb")
    response = {"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": "x"}}]}}}
    with Stubber(client) as stub:
        stub.add_response("batch_get_item", response)
        with pytest.raises(LedgerError, match=r"^the ledger cannot be read: throttled$"):
            DynamoLedger(client, TABLE, lambda: NOW).stops([message("")])


def test_a_table_that_cannot_be_read(aws: boto3.Session) -> None:
    """AWS's error is named by its code."""
    client = aws.client("dynamodb")
    with Stubber(client) as stub:
        stub.add_client_error("batch_get_item", "AccessDeniedException", "marked")
        with pytest.raises(
            LedgerError, match=r"^the ledger cannot be read: AccessDeniedException$"
        ):
            DynamoLedger(client, TABLE, lambda: NOW).stops([message("")])


def test_record(aws: boto3.Session) -> None:
    """A reason is written whole, the first time kept, and it expires after the message."""
    client = aws.client("dynamodb")
    values = {
        "verdict": {"S": "stop"},
        "code": {"S": "retries_exhausted"},
        "cause": {"S": "throttled"},
        "source": {"S": "/hr"},
        "event_id": {"S": "evt-7"},
        "detail": {"S": "the API refuses: roles.0: no"},
        "status": {"N": "422"},
        "attempts": {"N": "3"},
        "sent_at": {"N": "1772442900"},
        "last_tried": {"N": "1772443000"},
        "expires_at": {"N": str(1_772_443_000 + REASON_DAYS * 24 * 3600)},
        "dead_letter": {"S": "yes"},
    }
    request = {
        "TableName": TABLE,
        "Key": {"pk": {"S": "message#message-7"}},
        "UpdateExpression": "SET first_tried = if_not_exists(first_tried, :last_tried), "
        + ", ".join(f"#{name} = :{name}" for name in values),
        "ConditionExpression": "attribute_not_exists(pk) OR #verdict <> :stop",
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": {
            ":stop": {"S": "stop"},
            **{f":{name}": value for name, value in values.items()},
        },
    }
    with Stubber(client) as stub:
        stub.add_response("update_item", {}, request)
        outcome = replace(REFUSED, code=Code.RETRIES_EXHAUSTED, cause=Code.THROTTLED)
        ledger = DynamoLedger(client, TABLE, lambda: NOW)
        ledger.record(message("", 7, receives=3), Origin("evt-7", "/hr"), outcome)
        stub.assert_no_pending_responses()


def test_what_cannot_be_written(aws: boto3.Session) -> None:
    """A failure to write is an error, as a stop must not be taken for kept."""
    client = aws.client("dynamodb")
    with Stubber(client) as stub:
        stub.add_client_error("update_item", "ThrottlingException", "marked")
        with pytest.raises(
            LedgerError, match=r"^the ledger cannot be written: ThrottlingException$"
        ):
            DynamoLedger(client, TABLE, lambda: NOW).record(message(""), NOBODY, REFUSED)


@pytest.mark.parametrize("hostile", ["ada@example.test", "Ada Lovelace", None])
def test_an_origin_that_may_be_personal(aws: boto3.Session, hostile: str | None) -> None:
    """An id or a source that does not look like one is not kept."""
    client = aws.client("dynamodb")
    sent: list[dict[str, Any]] = []
    client.meta.events.register(
        "before-parameter-build.dynamodb.UpdateItem", lambda params, **_: sent.append(params)
    )
    with Stubber(client) as stub:
        stub.add_response("update_item", {})
        DynamoLedger(client, TABLE, lambda: NOW).record(
            message(""), Origin(hostile, hostile), REFUSED
        )
    values = sent[0]["ExpressionAttributeValues"]
    assert (values[":source"], values[":event_id"]) == ({"S": ""}, {"S": ""})
