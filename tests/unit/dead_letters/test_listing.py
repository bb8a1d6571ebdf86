"""dead_letters.listing."""

from dataclasses import replace

import pytest

from dead_letters.listing import COUNT_LAG_SECONDS, PAGE_SIZE, make_listing, to_json
from dead_letters.selection import ALL, RequestError
from support.build import SENT_AT
from support.dead_letters import record

NOW = SENT_AT + 3600
DAY = 24 * 3600


def test_every_letter_is_on_one_page() -> None:
    """Also among letters that were sent in the same second."""
    count = PAGE_SIZE + 20
    records = [record(f"letter-{n}", sent_at=int(SENT_AT) + n // 7) for n in range(count)]
    listing = make_listing(records, count, NOW)
    first = to_json(listing, ALL, None, DAY)
    second = to_json(listing, ALL, first["next"], DAY)
    ids = [letter["messageId"] for page in (first, second) for letter in page["deadLetters"]]
    assert sorted(ids) == sorted(known.message_id for known in records)
    assert second["next"] is None
    assert first["byReason"] == second["byReason"] == {"malformed_body": count}


@pytest.mark.parametrize(
    ("total", "known", "complete", "without"),
    [(2, 2, True, 0), (5, 2, False, 3), (1, 2, False, 0)],
)
def test_a_list_that_differs_from_the_queues_count_says_so(
    total: int, known: int, complete: bool, without: int
) -> None:
    records = [record(f"letter-{n}") for n in range(known)]
    page = to_json(make_listing(records, total, NOW), ALL, None, DAY)
    assert (page["complete"], page["withoutReason"], page["total"]) == (complete, without, total)


def test_an_empty_queue_has_only_letters_that_its_count_may_not_have_yet() -> None:
    old = replace(record("old"), last_tried=int(NOW - COUNT_LAG_SECONDS) - 1)
    new = replace(record("new"), last_tried=int(NOW - COUNT_LAG_SECONDS) + 1)
    listing = make_listing([old, new], 0, NOW)
    assert [known.message_id for known in listing.records] == ["new"]


def test_a_cursor_that_is_not_valid_is_refused() -> None:
    """It is not taken for the first page."""
    with pytest.raises(RequestError, match=r"^next: "):
        to_json(make_listing([], 0, NOW), ALL, "what?", DAY)
