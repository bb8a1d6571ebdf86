"""aws_adapters.ledger.reasons."""

from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rows import REASON_DAYS
from invites.errors import Code, LedgerError
from invites.job import Trace
from invites.outcome import Outcome, Reply, Verdict
from invites.signup import UNKNOWN_ORIGIN, Origin
from support.build import message

TABLE = "ledger"
NOW = 1_772_443_000.9
REFUSED = Outcome(
    Verdict.STOP, Code.REFUSED_BY_API, "the API refuses: roles.0: no", reply=Reply(422)
)


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


def test_traces_of_earlier_receives(aws: boto3.Session) -> None:
    """Each row is one, by message id; a stop is told, and how often a request was a bad one."""
    client = aws.client("dynamodb")
    tried = row(2, "retry") | {"bad_requests": {"N": "3"}}
    rows = [row(1, "stop"), tried, row(3, "stop", 422), row(4, "pause")]
    response = {"Responses": {TABLE: rows}, "UnprocessedKeys": {}}
    with Stubber(client) as stub:
        stub.add_response("batch_get_item", response, read_request(1, 2, 3, 4, 5))
        traces = DynamoReasonStore(client, TABLE, lambda: NOW).recall(
            [message("", n) for n in range(1, 6)]
        )
    malformed = (Verdict.STOP, Code.MALFORMED_BODY, "body is not JSON")
    assert traces == {
        "message-1": Trace(Outcome(*malformed)),
        "message-2": Trace(bad_requests=3),
        "message-3": Trace(Outcome(*malformed, reply=Reply(422))),
        "message-4": Trace(),
    }


def test_bad_requests_are_counted_in_the_row(aws: boto3.Session) -> None:
    """Whatever the last receive ended in; a message without any has no such attribute."""
    client = aws.client("dynamodb")
    written: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.dynamodb.UpdateItem", lambda params, **_: written.append(params)
    )
    with Stubber(client) as stub:
        for count in (0, 2):
            stub.add_response("update_item", {})
            outcome = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
            DynamoReasonStore(client, TABLE, lambda: NOW).record(
                message(""), UNKNOWN_ORIGIN, outcome, count
            )
    counts = [one["ExpressionAttributeValues"].get(":bad_requests") for one in written]
    assert counts == [None, {"N": "2"}]


def test_rows_that_were_not_read(aws: boto3.Session) -> None:
    """A throttled table leaves rows out: that is no proof that there was no stop."""
    client = aws.client("dynamodb")
    response = {"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": "x"}}]}}}
    with Stubber(client) as stub:
        stub.add_response("batch_get_item", response)
        with pytest.raises(LedgerError, match=r"^the ledger cannot be read: throttled$"):
            DynamoReasonStore(client, TABLE, lambda: NOW).recall([message("")])


def test_a_table_that_cannot_be_read(aws: boto3.Session) -> None:
    """AWS's error is named by its code."""
    client = aws.client("dynamodb")
    with Stubber(client) as stub:
        stub.add_client_error("batch_get_item", "AccessDeniedException", "marked")
        with pytest.raises(
            LedgerError, match=r"^the ledger cannot be read: AccessDeniedException$"
        ):
            DynamoReasonStore(client, TABLE, lambda: NOW).recall([message("")])


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
        ledger = DynamoReasonStore(client, TABLE, lambda: NOW)
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
            DynamoReasonStore(client, TABLE, lambda: NOW).record(
                message(""), UNKNOWN_ORIGIN, REFUSED
            )


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
        DynamoReasonStore(client, TABLE, lambda: NOW).record(
            message(""), Origin(hostile, hostile), REFUSED
        )
    values = sent[0]["ExpressionAttributeValues"]
    assert (values[":source"], values[":event_id"]) == ({"S": ""}, {"S": ""})
