"""The triage functions, held against their code and the queue that they look at."""

from typing import Any

import pytest

from aws_adapters.ledger.rows import DEAD_LETTER, DEAD_LETTERS_INDEX
from dead_letters.sweep import MAX_PARALLEL_RECEIVES, WORK_SECONDS
from support.environment import RULES
from template.reading import Template
from triage_dead_letters.settings import Settings
from triage_dead_letters.sqs import HIDE_SECONDS, PER_CALL, WAIT_SECONDS
from triage_dead_letters.timeouts import CONNECT_SECONDS, READ_SECONDS, THREADS
from triage_dead_letters.view import FIND_SECONDS

VIEW, ACT = "ViewDeadLettersFunction", "ReplayDeadLettersFunction"
# Two tries, and botocore's wait of up to a second between them; a send is tried once.
CALL_SECONDS = 2 * (CONNECT_SECONDS + READ_SECONDS) + 1
SEND_SECONDS = CONNECT_SECONDS + READ_SECONDS
# The last letters: note, send, note, deletion.
DEAL_SECONDS = 3 * CALL_SECONDS + SEND_SECONDS
# SQS takes messages of 1 MiB; each is held as text, and once more while it is sent.
MEBIBYTES_OF_LETTERS = MAX_PARALLEL_RECEIVES * PER_CALL * 3


def _variables(template: Template, function: str) -> dict[str, Any]:
    variables: dict[str, Any] = template.properties(function)["Environment"]["Variables"]
    return variables


@pytest.mark.parametrize("function", [VIEW, ACT])
def test_triage_functions_have_each_variable_that_they_read(
    template: Template, function: str
) -> None:
    """The retention is that of the queue."""
    variables = _variables(template, function)
    settings = Settings.from_environment(
        {name: value if isinstance(value, str) else "x" for name, value in variables.items()}
    )
    given = {name: value for name, value in variables.items() if name in RULES}
    assert given == {name: _variables(template, "SendInvitesFunction")[name] for name in RULES}
    queue = template.properties("DeadLetterQueue")
    assert settings.retention_seconds == queue["MessageRetentionPeriod"]
    if function == ACT:
        settings.for_act()
    else:
        assert settings.act_function_arn


def test_index_of_the_table_is_the_one_that_is_queried(template: Template) -> None:
    """It is sparse: only rows of dead letters have its key."""
    (index,) = template.properties("Ledger")["GlobalSecondaryIndexes"]
    assert index["IndexName"] == DEAD_LETTERS_INDEX
    keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
    assert keys == [(DEAD_LETTER, "HASH"), ("sent_at", "RANGE")]
    for role in ("ViewDeadLettersRole", "ReplayDeadLettersRole"):
        (policy,) = template.properties(role)["Policies"]
        resources = [statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]]
        assert {"Fn::Sub": f"${{Ledger.Arn}}/index/{DEAD_LETTERS_INDEX}"} in resources


def test_letter_stays_hidden_while_it_is_dealt_with() -> None:
    """And no longer than a minute."""
    assert DEAL_SECONDS < HIDE_SECONDS <= 60


def test_time_is_left_for_the_last_letters(template: Template) -> None:
    """And to put the others back, before the function is ended."""
    last_receive = CALL_SECONDS + WAIT_SECONDS
    act = WORK_SECONDS + last_receive + DEAL_SECONDS + CALL_SECONDS
    assert template.properties(ACT)["Timeout"] >= act
    assert template.properties(VIEW)["Timeout"] >= FIND_SECONDS + last_receive + CALL_SECONDS


@pytest.mark.parametrize("function", [VIEW, ACT])
def test_largest_letters_fit_into_memory(template: Template, function: str) -> None:
    """As many as are received in parallel, with room for Python and its libraries."""
    assert template.properties(function)["MemorySize"] >= MEBIBYTES_OF_LETTERS + 256


def test_letters_are_dealt_with_in_parallel() -> None:
    """Otherwise the last ones would wait for those before them."""
    assert MAX_PARALLEL_RECEIVES * PER_CALL <= THREADS


def test_client_waits_for_a_long_poll() -> None:
    """It does not give up on an empty queue."""
    assert WAIT_SECONDS < READ_SECONDS
