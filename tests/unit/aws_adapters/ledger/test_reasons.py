"""aws_adapters.ledger.reasons: traces of earlier receives, reasons, and replays that count."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from aws_adapters.ledger.reasons import DynamoReasonStore
from aws_adapters.ledger.rows import REASON_DAYS
from invites.errors import Code, LedgerError
from invites.job import Trace
from invites.message import ReplayMark
from invites.outcome import Outcome, Reply, Verdict
from invites.signup import UNKNOWN_ORIGIN, Origin
from support.build import message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "ledger"
REFUSED = Outcome(
    Verdict.STOP, Code.REFUSED_BY_API, "the API refuses: roles.0: no", reply=Reply(422)
)


NOW = 1_772_443_000.9


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


def test_each_row_is_the_trace_of_its_message(aws: boto3.Session) -> None:
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
    """A message without any has no such attribute."""
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
    counts = [request["ExpressionAttributeValues"].get(":bad_requests") for request in written]
    assert counts == [None, {"N": "2"}]


def test_rows_that_a_throttled_table_leaves_out_are_an_error(aws: boto3.Session) -> None:
    client = aws.client("dynamodb")
    response = {"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": "x"}}]}}}
    with Stubber(client) as stub:
        stub.add_response("batch_get_item", response)
        with pytest.raises(LedgerError, match=r"^the ledger cannot be read: throttled$"):
            DynamoReasonStore(client, TABLE, lambda: NOW).recall([message("")])


def test_a_failure_to_read_has_the_code_of_aws_and_no_text(aws: boto3.Session) -> None:
    client = aws.client("dynamodb")
    with Stubber(client) as stub:
        stub.add_client_error("batch_get_item", "AccessDeniedException", "marked")
        with pytest.raises(
            LedgerError, match=r"^the ledger cannot be read: AccessDeniedException$"
        ):
            DynamoReasonStore(client, TABLE, lambda: NOW).recall([message("")])


def test_a_reason_is_written_whole_and_keeps_the_time_of_the_first_try(aws: boto3.Session) -> None:
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


def test_a_failure_to_write_is_an_error(aws: boto3.Session) -> None:
    """A stop must not be taken for kept."""
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
def test_an_origin_that_may_be_personal_is_not_kept(
    aws: boto3.Session, hostile: str | None
) -> None:
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


NOW = 1_772_443_000.9
DOWN = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, "the ledger cannot be read: Down")


def bare_row(number: int, **texts: str) -> dict[str, Any]:
    """A row with no attributes but these."""
    return {"pk": {"S": f"message#message-{number}"}, **{k: {"S": v} for k, v in texts.items()}}


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient") -> DynamoReasonStore:
    """What is tested."""
    return DynamoReasonStore(dynamodb, "ledger", lambda: NOW)


def test_a_reason_after_a_stop_is_no_error_and_replaces_nothing(
    ledger: DynamoReasonStore, stub: Stubber
) -> None:
    stub.add_client_error("update_item", "ConditionalCheckFailedException", "marked")
    ledger.record(message("", receives=2), UNKNOWN_ORIGIN, DOWN)


@pytest.mark.parametrize("code", ["ThrottlingException", "TransactionConflictException"])
def test_a_write_that_fails_otherwise_is_an_error(
    ledger: DynamoReasonStore, stub: Stubber, code: str
) -> None:
    stub.add_client_error("update_item", code, "marked")
    with pytest.raises(LedgerError, match=f"^the ledger cannot be written: {code}$"):
        ledger.record(message("", receives=2), UNKNOWN_ORIGIN, DOWN)


def test_a_message_that_is_twice_in_a_batch_is_asked_for_once(
    ledger: DynamoReasonStore, stub: Stubber
) -> None:
    keys = [{"pk": {"S": f"message#message-{number}"}} for number in (2, 1, 3)]
    request = {"RequestItems": {"ledger": {"Keys": keys, "ConsistentRead": True}}}
    stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": {}}, request)
    assert ledger.recall([message("", number) for number in (2, 1, 2, 3, 1)]) == {}


def test_a_row_of_another_version_is_a_trace_and_a_stop_holds(
    ledger: DynamoReasonStore, stub: Stubber
) -> None:
    rows = [
        bare_row(1, verdict="stop", code="of_a_newer_version", detail="body is not JSON"),
        bare_row(2, verdict="stop"),
        bare_row(3),
        bare_row(4, verdict="of a newer version"),
    ]
    stub.add_response("batch_get_item", {"Responses": {"ledger": rows}, "UnprocessedKeys": {}})
    traces = ledger.recall([message("", number) for number in range(1, 5)])
    assert traces == {
        "message-1": Trace(Outcome(Verdict.STOP, None, "body is not JSON")),
        "message-2": Trace(Outcome(Verdict.STOP)),
        "message-3": Trace(),
        "message-4": Trace(),
    }


MARK = ReplayMark("letter-1", "token-1", 2)


def test_a_replay_counts_unless_another_attempt_of_its_mark_came_first(
    ledger: DynamoReasonStore, stub: Stubber
) -> None:
    """A mark that the ledger does not know is no reason to drop a message."""
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
