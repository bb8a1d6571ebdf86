"""invites.api.response: what the headers ask for."""

from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.api.response import MAX_RETRY_AFTER, MIN_RETRY_AFTER, header_number, retry_after

# Sunday, 1 March 2026, 12:00:00 GMT.
NOW = 1_772_366_400.0
AGO, AHEAD = "Sun, 01 Mar 2026 11:59:00 GMT", "Sun, 01 Mar 2026 12:01:30 GMT"
NONSENSE = [
    "",
    " ",
    "soon",
    "-1",
    "1.5",
    "1e3",
    "+7",
    "7 s",
    "\u0667",
    "12345678901",
    "1e400",
    "1, 2",
    "7, 7",
    "Sun, 01 Mar",
    "Mon, 20 Nov 9999999999 12:00:00 +0000",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Sun, 01 Mar 2026 12:00:00 +2400",
    "Sun, 01 Mar 2026 12:00:00 +99999999999999999999",
    "Sun, 01 Mar 99999999999999999999 12:00:00 GMT",
    "Sun, 99999999999999999999 Mar 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 12:00:99999999999999999999 GMT",
    "\x00\xff",
]


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", MIN_RETRY_AFTER),
        (AHEAD, 90.0),
        (AGO, MIN_RETRY_AFTER),
        ("Sun, 01 Mar 2026 12:01:30", 90.0),
        ("Sun, 01 Mar 2026 13:01:30 +0100", 90.0),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90.0),
        ("Sun Mar  1 12:01:30 2026", 90.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_in_any_form_of_http(value: str, wait: float) -> None:
    assert retry_after({"retry-after": value}, NOW) == wait


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        ("1772366460", 60.0),
        ("1772366400", MIN_RETRY_AFTER),
        ("1772366000", MIN_RETRY_AFTER),
        ("60", 60.0),
        ("0", MIN_RETRY_AFTER),
        (f"{MAX_RETRY_AFTER:.0f}", MAX_RETRY_AFTER),
        (f"{MAX_RETRY_AFTER + 1:.0f}", None),
        (f"{NOW + MAX_RETRY_AFTER:.0f}", MAX_RETRY_AFTER),
        (f"{NOW + MAX_RETRY_AFTER + 1:.0f}", None),
        (f"{NOW - MAX_RETRY_AFTER - 1:.0f}", None),
        ("1772366460000", None),
    ],
)
def test_a_reset_is_epoch_seconds_or_if_it_cannot_be_seconds_from_now(
    reset: str, wait: float | None
) -> None:
    assert retry_after({"x-ratelimit-reset": reset}, NOW) == wait


@pytest.mark.parametrize(
    ("seconds", "reset", "wait"),
    [
        ("7", "1772366460", 60.0),
        ("90", "1772366460", 90.0),
        (AHEAD, "1772366460", 90.0),
        ("soon", "1772366460", 60.0),
        ("7", "later", 7.0),
    ],
)
def test_the_longer_wait_of_the_two_counts(seconds: str, reset: str, wait: float) -> None:
    headers = {"retry-after": seconds, "x-ratelimit-reset": reset}
    assert retry_after(headers, NOW) == wait


@pytest.mark.parametrize("value", [*NONSENSE, "9999999999"])
def test_a_wait_that_cannot_be_read_is_no_wait(value: str) -> None:
    assert retry_after({"retry-after": value, "x-ratelimit-reset": value}, NOW) is None


def test_an_answer_without_these_headers_asks_for_no_wait() -> None:
    assert retry_after({"date": AHEAD}, NOW) is None


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(
            r"(Sun, )?[0-9]{1,25} (Mar|Xxx) [0-9]{1,25} [0-9:]{1,25} [+-]?[0-9A-Z]{0,25}"
        ),
        st.integers(0, 253_402_300_799).map(lambda when: formatdate(when, usegmt=True)),
    )
)
def test_any_text_asks_for_a_second_to_a_week_or_for_nothing(value: str) -> None:
    wait = retry_after({"retry-after": value, "x-ratelimit-reset": value}, NOW)
    assert wait is None or MIN_RETRY_AFTER <= wait <= MAX_RETRY_AFTER


@pytest.mark.parametrize(
    ("value", "number"), [("60", 60), (" 0 ", 0), ("9999999999", 9_999_999_999)]
)
def test_a_count_is_a_whole_number(value: str, number: int) -> None:
    assert header_number({"x-ratelimit-remaining": value}, "x-ratelimit-remaining") == number


@pytest.mark.parametrize("value", NONSENSE)
def test_a_count_that_cannot_be_read_is_absent(value: str) -> None:
    assert header_number({"x-ratelimit-remaining": value}, "x-ratelimit-remaining") is None
    assert header_number({}, "x-ratelimit-remaining") is None
