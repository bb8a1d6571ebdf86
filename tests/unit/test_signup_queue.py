"""triage_dead_letters.sqs."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from dead_letters.ports import Delivery, Outgoing
from support.build import InlineExecutor
from support.environment import ENVIRONMENT
from support.triage_fakes import letter
from triage_dead_letters.bootstrap import acting
from triage_dead_letters.sqs import SqsSignupQueue


class Sqs:
    """Answers as told, and remembers the batches."""

    def __init__(self, *answers: Any) -> None:  # noqa: ANN401 - answers and errors
        self._answers = list(answers)
        self.batches: list[list[dict[str, Any]]] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> Any:  # noqa: ANN401, N803 - as boto3's
        """As boto3's."""
        del QueueUrl
        self.batches.append(Entries)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _client_error(status: int) -> ClientError:
    """AWS's answer with this status."""
    response: Any = {"Error": {"Code": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendMessageBatch")


def _outgoing(count: int, body: str = "{}") -> list[Outgoing]:
    return [Outgoing(letter(n), body, {}) for n in range(count)]


def _send(sqs: Any, messages: list[Outgoing]) -> list[Delivery]:  # noqa: ANN401 - a stand-in
    return list(SqsSignupQueue(sqs, "queue", InlineExecutor()).send(messages))


def test_each_entry_has_its_own_end() -> None:
    """Sent, refused, or left out of the answer."""
    sent = {"Id": "0", "MessageId": "new"}
    answer = {"Successful": [sent], "Failed": [{"Id": "1", "Code": "InternalError"}]}
    first, second, third = _send(Sqs(answer), _outgoing(3))
    assert first == Delivery("new")
    assert second == Delivery(None, error="InternalError")
    assert third.is_unsure


@pytest.mark.parametrize(
    ("error", "is_unsure"),
    [
        (ReadTimeoutError(endpoint_url="x"), True),
        (EndpointConnectionError(endpoint_url="x"), True),
        (_client_error(500), True),
        (_client_error(403), False),
    ],
)
def test_whether_anything_was_taken(error: Exception, is_unsure: bool) -> None:
    """Only a refusal says that nothing was."""
    assert [one.is_unsure for one in _send(Sqs(error), _outgoing(2))] == [is_unsure] * 2


def test_large_letters_go_alone() -> None:
    """Ten at a time, and 1 MiB in all."""
    ok = {"Successful": [{"Id": str(n), "MessageId": "x"} for n in range(10)]}
    sqs = Sqs(ok, ok, ok)
    _send(sqs, [*_outgoing(11), *_outgoing(1, "x" * 1024 * 1024)])
    assert [len(batch) for batch in sqs.batches] == [10, 1, 1]


def test_a_send_is_never_repeated_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client that is really made sends once: its repetition would be a second letter."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    own = {"DEAD_LETTER_QUEUE_URL": "queue", "DEAD_LETTER_RETENTION_SECONDS": "1209600"}
    for name, value in {**ENVIRONMENT, **own}.items():
        monkeypatch.setenv(name, value)
    acting.cache_clear()
    client: Any = vars(acting().signups)["_client"]
    assert client.meta.config.retries["total_max_attempts"] == 1
