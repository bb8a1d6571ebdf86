"""How the console looks: in both themes, narrow, with thousands of letters."""

import re

import pytest
from playwright.sync_api import Page, expect

from console.conftest import Open
from support.letters import put_letters
from support.stack import Stack
from support.triage import Triage, bad_event

# WCAG 2.1, 1.4.3: the contrast of text of normal size.
READABLE = 4.5
MANY = 2_000


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read(triage: Triage, open_console: Open, theme: str) -> None:
    """Every text stands out from what is behind it."""
    triage.make_letters([bad_event("/hr"), "prose"])
    page = open_console(theme)
    assert min(_contrasts(page, "#widget .letters :is(h3, p, span, label)")) >= READABLE
    page.get_by_text("Show letters").first.click()
    page.get_by_text("Open", exact=True).first.click()
    expect(page.locator("#popup pre")).to_be_visible()
    assert min(_contrasts(page, "#popup :is(h3, p, dt, dd, label, pre)")) >= READABLE


@pytest.mark.parametrize("columns", [6, 12, 24])
def test_it_fits(triage: Triage, open_console: Open, columns: int) -> None:
    """Nothing sticks out of the widget, as narrow as a quarter of the dashboard."""
    triage.make_letters([bad_event("/a-source/with-a-name-that/does-not-end" * 2), "prose"])
    page = open_console(columns=columns)
    assert _sticks_out(page) == 0
    page.get_by_text("Show letters").first.click()
    expect(page.get_by_text("All reasons")).to_be_visible()
    assert _sticks_out(page) == 0


def test_thousands(triage: Triage, stack: Stack, open_console: Open) -> None:
    """Counted on the first page, and turned through page by page."""
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


def _sticks_out(page: Page) -> int:
    """By how many pixels what is in the widget is wider than it."""
    return int(page.locator("#widget").evaluate("one => one.scrollWidth - one.clientWidth"))


def _contrasts(page: Page, selector: str) -> list[float]:
    """Of each element's text with the first background behind it."""
    colours = page.locator(selector).evaluate_all(
        """all => all.map(one => {
          let behind = one;
          while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
            behind = behind.parentElement;
          return [getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
        })"""
    )
    assert colours
    return [_contrast(*map(_luminance, pair)) for pair in colours]


def _contrast(one: float, other: float) -> float:
    """WCAG 2.1, contrast ratio."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
