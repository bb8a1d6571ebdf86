"""The partial answer, as AWS documents that Lambda reads it.

AWS Lambda, "Handling errors for an SQS event source in Lambda", success and failure conditions.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.batch import Result
from invites.outcome import Outcome, Verdict
from invites.reading.reader import ParsedMessage
from invites.retry import Disposition, Fate
from send_invites.sqs import partial_answer
from simulation.world.lambda_service.event_source import failed_ids
from support.build import message

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
def test_a_success(answer: object) -> None:
    """Empty or null, and a misspelt key at the top: all messages are deleted."""
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
def test_a_failure_of_the_whole_batch(answer: object) -> None:
    """What Lambda cannot read brings all messages back."""
    assert failed_ids(answer, BATCH) == set(BATCH)


def test_some_fail() -> None:
    """Those that are named stay, the others are deleted."""
    answer = names({"itemIdentifier": "message-2"}, {"itemIdentifier": "message-3"})
    assert failed_ids(answer, BATCH) == {"message-2", "message-3"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(Fate), max_size=100))
def test_our_answer(fates: list[Fate]) -> None:
    """As JSON, read by Lambda, it keeps exactly what is not done, whatever the batch."""
    results = [
        Result(message("", number), ParsedMessage(became), became, Disposition(fate))
        for number, fate in enumerate(fates)
        for became in (Outcome(VERDICTS[fate]),)
    ]
    answer = json.loads(json.dumps(partial_answer(results)))
    kept = {one.message.id for one in results if one.disposition.fate is not Fate.DELETE}
    assert failed_ids(answer, [one.message.id for one in results]) == kept
    assert answer.keys() == {"batchItemFailures"}
