"""send_invites.sqs: a list is sent as one message for each of its events."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from aws_adapters.sqs import BYTES_PER_CALL
from invites.errors import QueueError
from invites.reading.splitting import MAX_PARTS, MESSAGE_BYTES, PART_OVERHEAD, SplitEvents
from send_invites.sqs import MAX_PARALLEL_SENDS, SignupQueue
from support.build import InlineExecutor, message

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

T = TypeVar("T")
INLINE = InlineExecutor()
URL = "https://sqs.eu-west-2.amazonaws.com/123456789012/signups"


class FakeSqs:
    """SQS that keeps what it is sent, and refuses some of the bodies, or every call."""

    def __init__(self, *refused: str, error: str = "") -> None:
        self._refused = refused
        self._error = error
        self.calls = 0
        self.batches: list[list[dict[str, Any]]] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - botocore's
        """Keep the entries, or refuse them."""
        assert QueueUrl == URL
        self.calls += 1
        if self._error:
            raise ClientError({"Error": {"Code": self._error}}, "SendMessageBatch")
        self.batches.append(Entries)
        bad = [entry["Id"] for entry in Entries if entry["MessageBody"] in self._refused]
        failed = [{"Id": name, "SenderFault": True, "Code": "InvalidMessage"} for name in bad]
        return {"Successful": [], **({"Failed": failed} if failed else {})}

    def bodies(self) -> list[str]:
        """What was sent, in order."""
        return [entry["MessageBody"] for batch in self.batches for entry in batch]


class CountingExecutor(InlineExecutor):
    """Keeps the largest number of tasks that it was given at once."""

    peak = 0

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """Run them all."""
        del timeout, chunksize
        tasks = list(zip(*iterables, strict=True))
        self.peak = max(self.peak, len(tasks))
        return iter([fn(*task) for task in tasks])


def split(
    client: FakeSqs, *bodies: str, is_late: Callable[[], bool] = bool, executor: Executor = INLINE
) -> None:
    """Split a message into these bodies."""
    queue = SignupQueue(cast("SQSClient", client), URL, executor)
    queue.split(message("[]", 7), events_of(*bodies), is_late)


def events_of(*bodies: str) -> SplitEvents:
    """Events that have these bodies."""
    return SplitEvents("body", tuple(body.encode() for body in bodies))


def size(entry: dict[str, Any]) -> int:
    """What SQS counts for an entry: the body, and names, types and values of its attributes."""
    attributes = entry["MessageAttributes"].items()
    extra = sum(len(name + it["DataType"] + it["StringValue"]) for name, it in attributes)
    return len(entry["MessageBody"].encode()) + extra


@pytest.mark.parametrize(
    ("count", "batches"), [(1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
def test_a_call_takes_ten_events_in_their_order(count: int, batches: list[int]) -> None:
    client, bodies = FakeSqs(), [f'{{"email": "person{n}@example.test"}}' for n in range(count)]
    split(client, *bodies)
    assert [len(batch) for batch in client.batches] == batches
    assert client.bodies() == bodies


@pytest.mark.parametrize("letter", ["x", "é", "键", "\U0001f3a8"])
def test_a_call_takes_one_mebibyte_attributes_included(letter: str) -> None:
    client = FakeSqs()
    bodies = [letter * (300_000 // len(letter.encode())) for _ in range(8)]
    split(client, *bodies)
    assert client.bodies() == bodies
    assert all(sum(map(size, batch)) <= BYTES_PER_CALL for batch in client.batches)
    assert [len(batch) for batch in client.batches] == [3, 3, 2]


def test_the_longest_event_fits_into_a_call_with_its_attribute() -> None:
    client = FakeSqs()
    split(client, "é" * ((MESSAGE_BYTES - PART_OVERHEAD) // 2), "y")
    (large,), (small,) = client.batches
    assert size(large) <= BYTES_PER_CALL
    assert large["MessageAttributes"].keys() == small["MessageAttributes"].keys() == {"part-of"}


def test_an_event_has_the_same_name_each_time_it_is_sent() -> None:
    client, again = FakeSqs(), FakeSqs()
    for queue in (client, again):
        split(queue, *"abcdefghijkl")
    assert client.batches == again.batches
    names = [e["MessageAttributes"]["part-of"]["StringValue"] for b in client.batches for e in b]
    assert names == [f"message-7/{number}" for number in range(12)]
    ids = [[entry["Id"] for entry in batch] for batch in client.batches]
    assert all(len(set(batch)) == len(batch) for batch in ids)


def test_an_event_that_sqs_refuses_fails_the_split_and_the_others_are_sent() -> None:
    client = FakeSqs("b")
    with pytest.raises(QueueError, match=r"^the parts were not all sent: InvalidMessage$"):
        split(client, *"abcdefghijkl")
    assert client.bodies() == list("abcdefghijkl")


def test_a_queue_that_is_down_is_named_once_by_the_code_of_aws() -> None:
    with pytest.raises(QueueError, match=r"^the parts were not all sent: ThrottlingException$"):
        split(FakeSqs(error="ThrottlingException"), *"abcdefghijkl")


def test_a_queue_that_is_down_gets_one_round_of_calls() -> None:
    """Of 10,000 events no more calls are made than go side by side: each may take seconds."""
    client = FakeSqs(error="InternalError")
    with pytest.raises(QueueError):
        split(client, *["{}"] * MAX_PARTS)
    assert client.calls == MAX_PARALLEL_SENDS


def test_a_refused_event_holds_up_no_later_call() -> None:
    client, bodies = FakeSqs("x"), ["y"] * 500
    with pytest.raises(QueueError, match="InvalidMessage"):
        split(client, *bodies, "x", *bodies)
    assert client.bodies() == [*bodies, "x", *bodies]


@pytest.mark.parametrize("calls", [0, MAX_PARALLEL_SENDS, 5 * MAX_PARALLEL_SENDS])
def test_a_split_ends_when_no_time_is_left_and_says_so(calls: int) -> None:
    client = FakeSqs()
    problem = r"^the parts were not all sent: no time was left$"
    with pytest.raises(QueueError, match=problem):
        split(client, *["{}"] * MAX_PARTS, is_late=lambda: client.calls >= calls)
    assert client.calls == calls


def test_no_more_events_are_in_memory_than_are_being_sent() -> None:
    """Executor.map takes all tasks that it is given at once."""
    client, executor = FakeSqs(), CountingExecutor()
    split(client, *["{}"] * MAX_PARTS, executor=executor)
    assert client.calls == MAX_PARTS / 10
    assert executor.peak == MAX_PARALLEL_SENDS


def test_the_call_is_a_call_of_sqs(aws: boto3.Session) -> None:
    client = aws.client("sqs")
    attribute = {"DataType": "String", "StringValue": "message-7/0"}
    entry = {"Id": "0", "MessageBody": "{}", "MessageAttributes": {"part-of": attribute}}
    with Stubber(client) as stub:
        stub.add_response(
            "send_message_batch",
            {"Successful": [], "Failed": []},
            {"QueueUrl": URL, "Entries": [entry]},
        )
        queue = SignupQueue(client, URL, InlineExecutor())
        queue.split(message("[]", 7), events_of("{}"), bool)
        stub.assert_no_pending_responses()
