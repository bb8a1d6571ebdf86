"""The look of the console: in both themes, narrow, and with thousands of letters."""

import re

import pytest
from playwright.sync_api import Page, expect

from console.conftest import Open
from support.letters import put_letters
from support.stack import Stack
from support.triage import Triage, bad_event

# WCAG 2.1, 1.4.3: the least contrast of text of normal size.
MIN_CONTRAST = 4.5
MANY = 2_000


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_background(
    triage: Triage, open_console: Open, theme: str
) -> None:
    triage.make_letters([bad_event("/hr"), "prose"])
    page = open_console(theme)
    assert min(_contrasts(page, "#widget .letters :is(h3, p, span, label)")) >= MIN_CONTRAST
    page.get_by_text("Show letters").first.click()
    page.get_by_text("Open", exact=True).first.click()
    expect(page.locator("#popup pre")).to_be_visible()
    assert min(_contrasts(page, "#popup :is(h3, p, dt, dd, label, pre)")) >= MIN_CONTRAST


@pytest.mark.parametrize("columns", [6, 12, 24])
def test_nothing_overflows_the_widget(triage: Triage, open_console: Open, columns: int) -> None:
    """Even in a quarter of the dashboard's width."""
    triage.make_letters([bad_event("/a-source/with-a-name-that/does-not-end" * 2), "prose"])
    page = open_console(columns=columns)
    assert _overflow(page) == 0
    page.get_by_text("Show letters").first.click()
    expect(page.get_by_text("All reasons")).to_be_visible()
    assert _overflow(page) == 0


def test_thousands_of_letters_are_counted_and_shown_page_by_page(
    triage: Triage, stack: Stack, open_console: Open
) -> None:
    put_letters(stack, ["{}"] * MANY)
    triage.act_until_done(action="scan")
    page = open_console()
    expect(page.locator(".card .count")).to_have_text(str(MANY))
    page.get_by_text("Show letters").click()
    expect(page.get_by_text(f"Cause unknown: {MANY:,} letters")).to_be_visible()
    assert page.locator(".card").count() == 50
    first = page.locator(".card").first.inner_text()
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_text("Earlier", exact=True)).to_be_visible()
    assert page.locator(".card").first.inner_text() != first


def _overflow(page: Page) -> int:
    """By how many pixels the content is wider than the widget."""
    return int(
        page.locator("#widget").evaluate("widget => widget.scrollWidth - widget.clientWidth")
    )


def _contrasts(page: Page, selector: str) -> list[float]:
    """The contrast of each element's text with the background behind it."""
    colours = page.locator(selector).evaluate_all(
        """all => all.map(element => {
          let behind = element;
          while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
            behind = behind.parentElement;
          return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        })"""
    )
    assert colours
    return [_contrast(*map(_luminance, pair)) for pair in colours]


def _contrast(first: float, second: float) -> float:
    """WCAG 2.1, contrast ratio."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
