"""What came of a list is never a list again, by whichever way it comes."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import pytest

from invites.errors import Code
from invites.explain import MAX_EXPLAINED, explain
from invites.outcome import Verdict
from invites.reading.splitting import MAX_PARTS
from send_invites.sqs import SignupQueue, to_messages
from support.build import DEADLINE, READER, InlineExecutor, eventbridge, processor, record, signup
from support.fakes import FakeSender, MemoryLedger
from support.hostile import AUDIT, in_sns, list_in_list, written
from triage_dead_letters.explainer import RulesExplainer

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

RECORDS, EMPLOYEES = 100, 1000
SMALL = list_in_list(RECORDS, EMPLOYEES)
IN_EACH_OTHER = {
    "of two systems": SMALL,
    "of SNS notifications": written([json.loads(in_sns("[{},{}]"))] * RECORDS),
    "of EventBridge events": written([eventbridge({"records": [AUDIT, AUDIT]})] * RECORDS),
}
WAYS: dict[str, Callable[[str], str]] = {"SQS": str, "SNS": in_sns}


class LoopingSqs:
    """SQS that hands what it is sent to the function again."""

    def __init__(self) -> None:
        self.sent = 0
        self.records: list[dict[str, Any]] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - botocore's
        """Keep the entries as records, with their attributes as Lambda shows them."""
        del QueueUrl
        for entry in Entries:
            self.sent += 1
            attributes = {
                name: {"stringValue": attribute["StringValue"], "dataType": attribute["DataType"]}
                for name, attribute in entry["MessageAttributes"].items()
            }
            received = record(entry["MessageBody"], self.sent)
            self.records.append({**received, "messageAttributes": attributes})
        return {"Successful": []}

    def change_message_visibility(self, **_: object) -> None:
        """Hide it: it does not come again here."""


def sends(body: str, ledger: MemoryLedger) -> int:
    """How many messages the function sends for one, and for those, until there are too many."""
    queue, executor = LoopingSqs(), InlineExecutor()
    splitter = SignupQueue(cast("SQSClient", queue), "https://queue", executor)
    parts = processor(FakeSender(), ledger, executor, queue=splitter)
    queue.records.append(record(body, 0))
    while queue.records and queue.sent <= MAX_PARTS:
        parts.process(to_messages({"Records": [queue.records.pop()]}), DEADLINE)
    return queue.sent


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_30_kb_do_not_become_16_million_messages(way: Callable[[str], str]) -> None:
    """Such a list is refused before anything is sent."""
    body, ledger = way(list_in_list()), MemoryLedger()
    assert len(body) < 30_000
    assert sends(body, ledger) == 0
    (outcome,) = ledger.rows.values()
    assert (outcome.verdict, outcome.code) == (Verdict.STOP, Code.MALFORMED_BODY)
    assert outcome.detail == "records would become messages of over 16 MiB in all"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("body", IN_EACH_OTHER.values(), ids=IN_EACH_OTHER)
def test_part_is_not_split_again(way: Callable[[str], str], body: str) -> None:
    """Each is a dead letter of its own, and nothing is sent but the parts."""
    ledger = MemoryLedger()
    assert sends(way(body), ledger) == RECORDS
    refused = {
        key: outcome for key, outcome in ledger.rows.items() if "list within" in outcome.detail
    }
    assert len(refused) >= RECORDS - 1
    assert {outcome.code for outcome in refused.values()} == {Code.MALFORMED_BODY}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (SMALL, "employees is a list within a list"),
        (IN_EACH_OTHER["of SNS notifications"], "Message is a list within a list"),
    ],
)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_explain_refuses_a_list_in_a_list_as_the_function_does(
    way: Callable[[str], str], body: str, detail: str
) -> None:
    """It says of a part what the function does with it."""
    found = explain(way(body), READER)
    assert len(found["parts"]) + found["moreParts"] == RECORDS
    assert len(found["parts"]) <= MAX_EXPLAINED
    assert {part["detail"] for part in found["parts"][1:]} == {detail}
    assert not any(part["parts"] for part in found["parts"])


def test_dead_letter_that_is_a_part_is_explained_as_one() -> None:
    """Without its attribute the same body would be split."""
    explaining = RulesExplainer(READER)
    body = json.dumps([signup(1), signup(2)])
    assert explaining.explain(body)["outcome"] == "invite"
    found = explaining.explain(body, is_part=True)
    assert (found["outcome"], found["detail"]) == ("reject", "body is a list within a list")


def test_part_with_one_event_in_its_list_is_read() -> None:
    """So is every part of a system's list."""
    body = written({"records": [json.loads(SMALL)["records"][0]]})
    assert READER.read(body, is_part=True) == READER.read(body)
