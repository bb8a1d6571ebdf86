"""send_invites.sqs: messages in, the partial batch answer out.

Lambda reads the answer as AWS documents it: AWS Lambda, "Handling errors for an SQS event source in
Lambda", success and failure conditions.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.job import Job
from invites.message import REPLAY_OF, ReplayMark
from invites.outcome import Outcome, Verdict
from invites.retry import Disposition, Fate
from send_invites.sqs import SignupQueue, partial_answer, to_messages
from simulation.world.lambda_service.event_source import failed_ids
from support.build import message, record
from support.jobs import job_done

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

URL = "https://sqs.eu-west-2.amazonaws.com/123456789012/signups"
RETRY = Outcome(Verdict.RETRY)


def job(number: int, fate: Fate = Fate.RETRY, wait: int = 15) -> Job:
    """A finished job."""
    return job_done(RETRY, message("{}", number), Disposition(fate, wait))


def test_each_record_is_a_message_with_its_body_unchanged() -> None:
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
def test_a_part_is_known_by_its_attribute_whatever_its_value(
    attributes: dict[str, Any], is_part: bool
) -> None:
    (read,) = to_messages({"Records": [record("{}") | {"messageAttributes": attributes}]})
    assert read.is_part is is_part


def test_a_replay_mark_is_read_from_its_attribute() -> None:
    attributes = {REPLAY_OF: {"stringValue": "letter-1/token-1/2", "dataType": "String"}}
    (read,) = to_messages({"Records": [record("{}") | {"messageAttributes": attributes}]})
    assert read.replay == ReplayMark("letter-1", "token-1", 2)


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": None}, {"Other": 1}])
def test_an_event_without_records_has_no_messages_and_no_failures(event: dict[str, Any]) -> None:
    assert to_messages(event) == []
    assert partial_answer([]) == {"batchItemFailures": []}


def test_a_record_that_sqs_cannot_have_sent_returns_the_whole_batch() -> None:
    broken = record("{}")
    del broken["messageId"]
    with pytest.raises(KeyError, match="messageId"):
        to_messages({"Records": [record("{}"), broken]})


def test_the_answer_names_what_must_stay_in_the_words_of_lambda() -> None:
    jobs = [job(1, Fate.DELETE), job(2, Fate.RETRY), job(3, Fate.STOP)]
    assert partial_answer(jobs) == {
        "batchItemFailures": [
            {"itemIdentifier": "message-2"},
            {"itemIdentifier": "message-3"},
        ]
    }


class FakeSqs:
    """SQS that keeps what it is asked, and refuses some receipt handles."""

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


def test_each_message_that_stays_is_hidden_for_its_own_wait(executor: Executor) -> None:
    client = FakeSqs()
    stay = [job(number, Fate.RETRY, wait=number) for number in range(1, 101)]
    others = [job(101, Fate.STOP, wait=0), job(102, Fate.DELETE)]
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    assert queue.hide([*stay, *others]) == {}
    waits = {f"receipt-{number}": number for number in range(1, 101)}
    assert client.hidden == waits | {"receipt-101": 0}


def test_a_message_that_is_not_hidden_is_reported_by_its_id(executor: Executor) -> None:
    client = FakeSqs("receipt-2", "receipt-9")
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    refused = queue.hide([job(number) for number in range(12)])
    reason = "ReceiptHandleIsInvalid"
    assert refused == {"message-2": reason, "message-9": reason}
    assert len(client.hidden) == 10


def test_only_messages_that_are_done_are_deleted(executor: Executor) -> None:
    client = FakeSqs("receipt-2")
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    done = [job(number, Fate.DELETE) for number in range(1, 12)]
    others = [job(12, Fate.STOP), job(13, Fate.RETRY)]
    assert queue.delete([*done, *others]) == {"message-2": "ReceiptHandleIsInvalid"}
    assert client.deleted == {f"receipt-{n}" for n in range(1, 12)} - {"receipt-2"}


def test_both_calls_are_calls_of_sqs_and_a_failure_has_its_code(
    aws: boto3.Session, executor: Executor
) -> None:
    client = aws.client("sqs")
    request = {"QueueUrl": URL, "ReceiptHandle": "receipt-1", "VisibilityTimeout": 15}
    queue = SignupQueue(client, URL, executor)
    with Stubber(client) as stub:
        stub.add_response("change_message_visibility", {}, request)
        assert queue.hide([job(1)]) == {}
        stub.add_client_error("change_message_visibility", "AccessDenied", "marked")
        assert queue.hide([job(1)]) == {"message-1": "AccessDenied"}
        deletion = {"QueueUrl": URL, "ReceiptHandle": "receipt-1"}
        stub.add_response("delete_message", {}, deletion)
        assert queue.delete([job(1, Fate.DELETE)]) == {}
        stub.add_client_error("delete_message", "AccessDenied", "marked")
        assert queue.delete([job(1, Fate.DELETE)]) == {"message-1": "AccessDenied"}
        stub.assert_no_pending_responses()


BATCH = ["message-1", "message-2", "message-3"]
VERDICTS = {Fate.DELETE: Verdict.INVITED, Fate.RETRY: Verdict.RETRY, Fate.STOP: Verdict.STOP}


def names(*items: object) -> dict[str, object]:
    """An answer with these items."""
    return {"batchItemFailures": list(items)}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        {},
        {"batchItemFailures": []},
        {"batchItemFailures": None},
        {"batchitemfailures": [{"itemIdentifier": "message-1"}]},
        {"batchItemFailure": [{"itemIdentifier": "message-1"}]},
    ],
)
def test_lambda_deletes_all_messages_of_an_empty_or_misspelt_answer(answer: object) -> None:
    assert failed_ids(answer, BATCH) == set()


@pytest.mark.parametrize(
    "answer",
    [
        "prose",
        names({"itemIdentifier": ""}),
        names({"itemIdentifier": None}),
        names({"itemIdentifier": "message-9"}),
        names({"ItemIdentifier": "message-1"}),
        names({"itemIdentifier": "message-1"}, {"itemIdentifier": ""}),
        names({"itemIdentifier": "message-1"}, {"messageId": "message-2"}),
        names({}),
        names("message-1"),
    ],
)
def test_lambda_keeps_all_messages_of_an_answer_that_it_cannot_read(answer: object) -> None:
    assert failed_ids(answer, BATCH) == set(BATCH)


def test_lambda_keeps_the_messages_that_are_named() -> None:
    answer = names({"itemIdentifier": "message-2"}, {"itemIdentifier": "message-3"})
    assert failed_ids(answer, BATCH) == {"message-2", "message-3"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(Fate), max_size=100))
def test_lambda_keeps_exactly_what_is_not_done_of_any_batch_of_ours(fates: list[Fate]) -> None:
    jobs = [
        job_done(Outcome(VERDICTS[fate]), message("", number), Disposition(fate))
        for number, fate in enumerate(fates)
    ]
    answer = json.loads(json.dumps(partial_answer(jobs)))
    kept = {job.message.id for job in jobs if job.disposition.fate is not Fate.DELETE}
    assert failed_ids(answer, [job.message.id for job in jobs]) == kept
    assert answer.keys() == {"batchItemFailures"}
