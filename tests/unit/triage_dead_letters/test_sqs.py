"""triage_dead_letters.sqs: what comes of a send to the signup queue."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from dead_letters.ports import Delivery, Outgoing
from support.build import InlineExecutor
from support.dead_letters import letter
from support.environment import ENVIRONMENT
from triage_dead_letters.bootstrap import make_triage_deps
from triage_dead_letters.sqs import SqsSignupQueue


class ScriptedSqs:
    """Gives prepared answers, in order, and remembers the batches."""

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
    response: Any = {"Error": {"Code": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendMessageBatch")


def _outgoing(count: int, body: str = "{}") -> list[Outgoing]:
    return [Outgoing(letter(n), body, {}) for n in range(count)]


def _send(sqs: Any, messages: list[Outgoing]) -> list[Delivery]:  # noqa: ANN401 - a stand-in
    return list(SqsSignupQueue(sqs, "queue", InlineExecutor()).send(messages))


def test_an_entry_is_sent_refused_or_of_unknown_fate_by_itself() -> None:
    sent = {"Id": "0", "MessageId": "new"}
    answer = {"Successful": [sent], "Failed": [{"Id": "1", "Code": "InternalError"}]}
    first, second, left_out = _send(ScriptedSqs(answer), _outgoing(3))
    assert first == Delivery("new")
    assert second == Delivery(None, error="InternalError")
    assert left_out.is_unsure


@pytest.mark.parametrize(
    ("error", "is_unsure"),
    [
        (ReadTimeoutError(endpoint_url="x"), True),
        (EndpointConnectionError(endpoint_url="x"), True),
        (_client_error(500), True),
        (_client_error(403), False),
    ],
)
def test_only_a_refusal_says_that_nothing_was_taken(error: Exception, is_unsure: bool) -> None:
    deliveries = _send(ScriptedSqs(error), _outgoing(2))
    assert [delivery.is_unsure for delivery in deliveries] == [is_unsure] * 2


def test_a_call_takes_ten_messages_and_one_mebibyte() -> None:
    ok = {"Successful": [{"Id": str(n), "MessageId": "x"} for n in range(10)]}
    sqs = ScriptedSqs(ok, ok, ok)
    _send(sqs, [*_outgoing(11), *_outgoing(1, "x" * 1024 * 1024)])
    assert [len(batch) for batch in sqs.batches] == [10, 1, 1]


def test_the_deployed_client_never_repeats_a_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repetition would be a second message with the same mark."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    own = {"DEAD_LETTER_QUEUE_URL": "queue", "DEAD_LETTER_RETENTION_SECONDS": "1209600"}
    for name, value in {**ENVIRONMENT, **own}.items():
        monkeypatch.setenv(name, value)
    make_triage_deps.cache_clear()
    client: Any = vars(make_triage_deps().signup_queue)["_client"]
    assert client.meta.config.retries["total_max_attempts"] == 1
