"""dead_letters.selection."""

from typing import Any

import pytest

from dead_letters.selection import (
    MAX_IDS,
    RequestError,
    Selection,
    read_ids,
    read_selection,
    read_where,
    reject_unknown_fields,
)
from support.dead_letters import record


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        ({}, True),
        ({"code": "malformed_body", "source": "/test"}, True),
        ({"code": "invalid_email"}, False),
        ({"status": 422}, False),
        ({"sentBefore": "2026-03-02T00:00:00Z"}, False),
        ({"sentAfter": "2026-03-02T00:00:00"}, True),
    ],
)
def test_every_key_of_a_filter_must_match(where: dict[str, Any], matches: bool) -> None:
    assert read_where(where).matches(record("letter-1")) is matches


@pytest.mark.parametrize(
    "where", [[], {"Code": "x"}, {"code": 5}, {"status": "422"}, {"status": True}, {"sentAfter": 5}]
)
def test_a_filter_with_a_slip_is_refused(where: object) -> None:
    """It must not select everything instead."""
    with pytest.raises(RequestError, match=r"^where: "):
        read_where(where)


@pytest.mark.parametrize(
    "ids", [None, "letter-1", [], [5], [""], [str(n) for n in range(MAX_IDS + 1)]]
)
def test_ids_are_a_list_of_one_to_ten_thousand_texts(ids: object) -> None:
    with pytest.raises(RequestError, match=r"^messageIds: "):
        read_ids(ids)


def test_an_id_counts_once() -> None:
    assert read_selection({"messageIds": ["b", " a", "a", "b"]}) == Selection(ids=["b", "a"])


@pytest.mark.parametrize("request_", [{}, {"messageIds": ["a"], "where": {}}])
def test_letters_are_selected_by_ids_or_by_a_filter(request_: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="either messageIds or where"):
        read_selection(request_)


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(RequestError, match=r"^dryrun: "):
        reject_unknown_fields({"action": "replay", "dryrun": True}, {"action", "dryRun"})
