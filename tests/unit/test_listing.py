"""dead_letters.listing and selection."""

from dataclasses import replace
from typing import Any

import pytest

from dead_letters.listing import PAGE, listing, to_json
from dead_letters.selection import ALL, RequestError, read_ids, read_where
from support.build import SENT_AT
from support.triage_ledger import row

NOW = SENT_AT + 3600
DAY = 24 * 3600


def test_pages() -> None:
    """Every letter is on one page, also of those sent in the same second."""
    rows = [row(f"letter-{n}", sent_at=int(SENT_AT) + n // 7) for n in range(PAGE + 20)]
    first = to_json(listing(rows, len(rows), NOW), ALL, None, DAY)
    second = to_json(listing(rows, len(rows), NOW), ALL, first["next"], DAY)
    ids = [one["messageId"] for page in (first, second) for one in page["deadLetters"]]
    assert sorted(ids) == sorted(one.message_id for one in rows)
    assert second["next"] is None
    assert first["byReason"] == second["byReason"] == {"malformed_body": PAGE + 20}


@pytest.mark.parametrize(
    ("total", "known", "complete", "without"),
    [(2, 2, True, 0), (5, 2, False, 3), (1, 2, False, 0)],
)
def test_ledger_and_queue(total: int, known: int, complete: bool, without: int) -> None:
    """They are told apart: letters without a reason, and rows without a letter."""
    rows = [row(f"letter-{n}") for n in range(known)]
    page = to_json(listing(rows, total, NOW), ALL, None, DAY)
    assert (page["complete"], page["withoutReason"], page["total"]) == (complete, without, total)


def test_an_empty_queue_has_no_letters() -> None:
    """Whatever the ledger thinks, unless it has just thought it: the count is late."""
    old, new = row("old"), replace(row("new"), last_tried=int(NOW) - 10)
    assert [one.message_id for one in listing([old, new], 0, NOW).rows] == ["new"]


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
def test_where(where: dict[str, Any], matches: bool) -> None:
    """Every key that is given must hold."""
    assert read_where(where).matches(row("letter-1")) is matches


@pytest.mark.parametrize(
    "where", [[], {"Code": "x"}, {"code": 5}, {"status": "422"}, {"status": True}, {"sentAfter": 5}]
)
def test_a_filter_that_is_none(where: object) -> None:
    """A slip selects nothing, instead of everything."""
    with pytest.raises(RequestError, match=r"^where: "):
        read_where(where)


@pytest.mark.parametrize("ids", [None, "letter-1", [], [5], [""], [str(n) for n in range(10_001)]])
def test_ids_that_are_none(ids: object) -> None:
    """Neither none nor more than a call can answer for."""
    with pytest.raises(RequestError, match=r"^messageIds: "):
        read_ids(ids)


def test_a_cursor_that_is_none() -> None:
    """It is not taken for the first page."""
    with pytest.raises(RequestError, match=r"^next: "):
        to_json(listing([], 0, NOW), ALL, "what?", DAY)
