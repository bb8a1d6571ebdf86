"""send_invites.outcome_topic: which outcomes are published, and how."""

import json

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from invites.errors import Code
from invites.outcome import Outcome, Reply, Verdict
from support.outcome_topic import MemoryTopic, job, publish

INVITED = Outcome(Verdict.INVITED, reply=Reply(201))


def test_a_message_has_ids_codes_and_attributes_for_filters_and_no_address() -> None:
    topic = MemoryTopic()
    assert publish(topic, [job(INVITED)]) == {}
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
    values = {name: value["StringValue"] for name, value in entry["MessageAttributes"].items()}
    assert values == {"outcome": "invited", "source": "okta"}
    assert "marked" not in json.dumps(entry)


@pytest.mark.parametrize("differ", [True, False])
def test_a_producer_learns_that_a_person_keeps_other_roles(differ: bool) -> None:
    topic = MemoryTopic()
    publish(topic, [job(Outcome(Verdict.ALREADY_INVITED, roles_differ=differ))])
    ((entry,),) = topic.calls
    content = json.loads(entry["Message"])
    assert (content["outcome"], content["rolesDiffer"]) == ("already_invited", differ)


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
def test_only_final_outcomes_are_published(outcome: Outcome, is_final: bool) -> None:
    topic = MemoryTopic()
    publish(topic, [job(outcome)])
    assert bool(topic.calls) is is_final


def test_a_stop_of_an_earlier_receive_is_not_published_again() -> None:
    topic = MemoryTopic()
    publish(topic, [job(Outcome(Verdict.STOP, Code.REFUSED_BY_API), is_known_stop=True)])
    assert topic.calls == []


def test_ten_outcomes_go_in_one_call_and_each_refused_one_is_named() -> None:
    topic = MemoryTopic(refused=["4"])
    failed = publish(topic, [job(INVITED, number) for number in range(25)])
    assert [len(call) for call in topic.calls] == [10, 10, 5]
    assert failed == dict.fromkeys(["message-4", "message-14", "message-24"], "Throttled")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "AuthorizationError"}}, "PublishBatch"), "AuthorizationEr"),
        (ConnectTimeoutError(endpoint_url="sns"), "ConnectTimeoutError"),
    ],
)
def test_every_outcome_of_a_failed_call_has_its_error(error: Exception, code: str) -> None:
    failed = publish(MemoryTopic(error=error), [job(INVITED, 1), job(INVITED, 2)])
    assert {text.startswith(code) for text in failed.values()} == {True}
    assert failed.keys() == {"message-1", "message-2"}


def test_a_call_that_would_be_cut_off_is_not_begun() -> None:
    topic = MemoryTopic()
    assert publish(topic, [job(INVITED)], 6.9) == {"message-1": "OutOfTime"}
    assert topic.calls == []
