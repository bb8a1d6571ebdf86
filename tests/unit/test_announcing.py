"""send_invites.outcome_topic."""

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from invites.errors import Code
from invites.job import Job
from invites.outcome import Outcome, Reply, Verdict
from invites.signup import Origin
from send_invites.outcome_topic import OutcomePublisher
from support.build import InlineExecutor, message
from support.jobs import job_done

ORIGIN = Origin("evt-1", "northwind", "okta", "user.lifecycle.create", "user.lifecycle.create")
INVITED = Outcome(Verdict.INVITED, reply=Reply(201))


class Topic:
    """What SNS would be told; it refuses some entries, or all calls."""

    def __init__(self, refused: Sequence[str] = (), error: Exception | None = None) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self._refused = refused
        self._error = error

    def publish_batch(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as botocore's
        """Take entries."""
        assert arguments["TopicArn"] == "topic"
        if self._error:
            raise self._error
        entries = arguments["PublishBatchRequestEntries"]
        self.calls.append(entries)
        ids = [one["Id"] for one in entries if one["Id"] in self._refused]
        return {"Failed": [{"Id": one, "Code": "Throttled"} for one in ids]}


def result(outcome: Outcome, number: int = 1, *, known: bool = False) -> Job:
    """What became of a message."""
    of = message('{"email": "marked@example.test"}', number)
    return job_done(outcome, of, origin=ORIGIN, is_known_stop=known)


def announced(topic: Topic, results: Sequence[Job], seconds: float = 60) -> dict[str, str]:
    """Publish results."""
    client = cast("Any", topic)
    return OutcomePublisher(client, "topic", InlineExecutor(), 7).publish(results, seconds)


def test_an_invitation() -> None:
    """Ids and codes, what filters need as attributes, and no address."""
    topic = Topic()
    assert announced(topic, [result(INVITED)]) == {}
    ((entry,),) = topic.calls
    assert json.loads(entry["Message"]) == {
        "eventId": "evt-1",
        "messageId": "message-1",
        "source": "okta",
        "tenant": "northwind",
        "outcome": "invited",
        "code": None,
        "rolesDiffer": False,
    }
    values = {name: one["StringValue"] for name, one in entry["MessageAttributes"].items()}
    assert values == {"outcome": "invited", "source": "okta"}
    assert "marked" not in json.dumps(entry)


@pytest.mark.parametrize("differ", [True, False])
def test_roles_that_differ(differ: bool) -> None:
    """A producer learns that somebody keeps other roles than its event asked for."""
    topic = Topic()
    announced(topic, [result(Outcome(Verdict.ALREADY_INVITED, roles_differ=differ))])
    ((entry,),) = topic.calls
    told = json.loads(entry["Message"])
    assert (told["outcome"], told["rolesDiffer"]) == ("already_invited", differ)


@pytest.mark.parametrize(
    ("outcome", "is_final"),
    [
        (INVITED, True),
        (Outcome(Verdict.ALREADY_INVITED), True),
        (Outcome(Verdict.IGNORED, Code.NOT_A_SIGNUP), True),
        (Outcome(Verdict.STOP, Code.REFUSED_BY_API), True),
        (Outcome(Verdict.STOP, Code.RETRIES_EXHAUSTED), True),
        (Outcome(Verdict.RETRY, Code.SERVER_ERROR), False),
        (Outcome(Verdict.PAUSE, Code.UNAVAILABLE), False),
        (Outcome(Verdict.SPLIT), False),
    ],
)
def test_what_is_final(outcome: Outcome, is_final: bool) -> None:
    """Who is tried again is not announced; of a list each person is, with their own message."""
    topic = Topic()
    announced(topic, [result(outcome)])
    assert bool(topic.calls) is is_final


def test_a_stop_that_is_known() -> None:
    """A message on its way to the dead-letter queue was announced at its first stop."""
    topic = Topic()
    announced(topic, [result(Outcome(Verdict.STOP, Code.REFUSED_BY_API), known=True)])
    assert topic.calls == []


def test_a_large_batch() -> None:
    """As many at a time as SNS takes; who is refused is named."""
    topic = Topic(refused=["4"])
    failed = announced(topic, [result(INVITED, number) for number in range(25)])
    assert [len(call) for call in topic.calls] == [10, 10, 5]
    assert failed == dict.fromkeys(["message-4", "message-14", "message-24"], "Throttled")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "AuthorizationError"}}, "PublishBatch"), "AuthorizationEr"),
        (ConnectTimeoutError(endpoint_url="sns"), "ConnectTimeoutError"),
    ],
)
def test_a_topic_that_cannot_be_reached(error: Exception, code: str) -> None:
    """Each message's outcome is reported as unheard."""
    failed = announced(Topic(error=error), [result(INVITED, 1), result(INVITED, 2)])
    assert {one.startswith(code) for one in failed.values()} == {True}
    assert failed.keys() == {"message-1", "message-2"}


def test_no_time_left() -> None:
    """A call that would be cut off is not begun: the batch's answer comes first."""
    topic = Topic()
    assert announced(topic, [result(INVITED)], 6.9) == {"message-1": "OutOfTime"}
    assert topic.calls == []
