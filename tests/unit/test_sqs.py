"""send_invites.sqs."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from invites.job import Job
from invites.outcome import Outcome, Verdict
from invites.retry import Disposition, Fate
from send_invites.sqs import SignupQueue, partial_answer, to_messages
from support.build import message, record
from support.jobs import job_done

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

URL = "https://sqs.eu-west-2.amazonaws.com/123456789012/signups"
RETRY = Outcome(Verdict.RETRY)


def result(number: int, fate: Fate = Fate.RETRY, wait: int = 15) -> Job:
    """What became of a message."""
    return job_done(RETRY, message("{}", number), Disposition(fate, wait))


def test_records_become_messages() -> None:
    """Each record is a message, in the order of the event, its body untouched."""
    bodies = [' {"a": 1}\n', "prose", ""]
    event = {"Records": [record(body, n, receives=n + 1) for n, body in enumerate(bodies)]}
    expected = [message(body, n, receives=n + 1) for n, body in enumerate(bodies)]
    assert to_messages(event) == expected


@pytest.mark.parametrize(
    ("attributes", "is_part"),
    [
        ({"part-of": {"stringValue": "message-7/0", "dataType": "String"}}, True),
        ({"part-of": {"dataType": "String"}}, True),
        ({"other": {"stringValue": "message-7/0", "dataType": "String"}}, False),
        ({}, False),
    ],
)
def test_a_part_is_known_by_its_attribute(attributes: dict[str, Any], is_part: bool) -> None:
    """Whatever it says."""
    (read,) = to_messages({"Records": [record("{}") | {"messageAttributes": attributes}]})
    assert read.is_part is is_part


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": None}, {"Other": 1}])
def test_no_records(event: dict[str, Any]) -> None:
    """An event without records has no messages, and its answer no failures."""
    assert to_messages(event) == []
    assert partial_answer([]) == {"batchItemFailures": []}


def test_a_record_that_sqs_cannot_have_sent() -> None:
    """It raises, so that Lambda keeps the batch: there is no id to name a single message by."""
    broken = record("{}")
    del broken["messageId"]
    with pytest.raises(KeyError, match="messageId"):
        to_messages({"Records": [record("{}"), broken]})


def test_the_partial_answer() -> None:
    """It has exactly the keys that Lambda knows, and names what must stay."""
    results = [result(1, Fate.DELETE), result(2, Fate.RETRY), result(3, Fate.STOP)]
    assert partial_answer(results) == {
        "batchItemFailures": [
            {"itemIdentifier": "message-2"},
            {"itemIdentifier": "message-3"},
        ]
    }


class FakeSqs:
    """SQS that keeps what it is asked, and refuses some of the receipts."""

    def __init__(self, *refused: str) -> None:
        self._refused = refused
        self.hidden: dict[str, int] = {}
        self.deleted: set[str] = set()

    def change_message_visibility(self, **request: Any) -> None:  # noqa: ANN401 - as botocore's
        """Keep the wait, or refuse it."""
        assert request.pop("QueueUrl") == URL
        self._refuse(request["ReceiptHandle"], "ChangeMessageVisibility")
        self.hidden[request["ReceiptHandle"]] = request["VisibilityTimeout"]

    def delete_message(self, **request: Any) -> None:  # noqa: ANN401 - as botocore's
        """Note what is deleted, or refuse it."""
        assert request.pop("QueueUrl") == URL
        self._refuse(request["ReceiptHandle"], "DeleteMessage")
        self.deleted.add(request["ReceiptHandle"])

    def _refuse(self, receipt: str, operation: str) -> None:
        if receipt in self._refused:
            error: Any = {"Error": {"Code": "ReceiptHandleIsInvalid"}}
            raise ClientError(error, operation)


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    """A few threads."""
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_hiding(executor: Executor) -> None:
    """Each message that stays gets the wait of its own; a stopped one none; others are let be."""
    client = FakeSqs()
    stay = [result(number, Fate.RETRY, wait=number) for number in range(1, 101)]
    others = [result(101, Fate.STOP, wait=0), result(102, Fate.DELETE)]
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    assert queue.hide([*stay, *others]) == {}
    waits = {f"receipt-{number}": number for number in range(1, 101)}
    assert client.hidden == waits | {"receipt-101": 0}


def test_messages_that_are_not_hidden(executor: Executor) -> None:
    """A refusal is reported with its message's id, and is nobody else's."""
    client = FakeSqs("receipt-2", "receipt-9")
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    refused = queue.hide([result(number) for number in range(12)])
    reason = "ReceiptHandleIsInvalid"
    assert refused == {"message-2": reason, "message-9": reason}
    assert len(client.hidden) == 10


def test_only_messages_that_are_done_are_deleted(executor: Executor) -> None:
    """A refusal is reported with its message's id; the answer has that message deleted."""
    client = FakeSqs("receipt-2")
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    done = [result(number, Fate.DELETE) for number in range(1, 12)]
    others = [result(12, Fate.STOP), result(13, Fate.RETRY)]
    assert queue.delete([*done, *others]) == {"message-2": "ReceiptHandleIsInvalid"}
    assert client.deleted == {f"receipt-{n}" for n in range(1, 12)} - {"receipt-2"}


def test_the_call(aws: boto3.Session, executor: Executor) -> None:
    """The call is one that SQS knows, and a failure to reach SQS is named by its kind."""
    client = aws.client("sqs")
    request = {"QueueUrl": URL, "ReceiptHandle": "receipt-1", "VisibilityTimeout": 15}
    queue = SignupQueue(client, URL, executor)
    with Stubber(client) as stub:
        stub.add_response("change_message_visibility", {}, request)
        assert queue.hide([result(1)]) == {}
        stub.add_client_error("change_message_visibility", "AccessDenied", "marked")
        assert queue.hide([result(1)]) == {"message-1": "AccessDenied"}
        deletion = {"QueueUrl": URL, "ReceiptHandle": "receipt-1"}
        stub.add_response("delete_message", {}, deletion)
        assert queue.delete([result(1, Fate.DELETE)]) == {}
        stub.add_client_error("delete_message", "AccessDenied", "marked")
        assert queue.delete([result(1, Fate.DELETE)]) == {"message-1": "AccessDenied"}
        stub.assert_no_pending_responses()
