"""A deployed stack, its console, and a browser that shows it."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from support.browser import chromium
from support.console.server import console
from support.deploy import deploy
from support.local_aws import local_aws
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def api() -> Iterator[StandIn]:
    """The stand-in for SpaceMedia."""
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def stack(api: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed stack with its token."""
    with local_aws(tmp_path_factory.mktemp("local-aws")) as aws:
        stack = deploy(aws, "signup-invites-console", {"ApiBaseUrl": api.url})
        stack.store_token(json.dumps({"token": api.add_token(ttl=None)}))
        yield stack


@pytest.fixture
def triage(stack: Stack) -> Triage:
    """The triage functions; the queue has only the test's own letters."""
    stack.forget_letters()
    return Triage(stack)


@pytest.fixture(scope="session")
def address(stack: Stack) -> Iterator[str]:
    """The console's address."""
    with console(stack) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def open_console(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the console in a theme, so many of 24 columns wide; `agree` answers its questions."""
    pages: list[Page] = []

    def open_page(theme: str = "light", columns: int = 24, *, agree: bool = True) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("dialog", lambda dialog: dialog.accept() if agree else dialog.dismiss())
        page.goto(f"{address}/?theme={theme}&columns={columns}")
        page.wait_for_selector("#widget[data-drawn] .letters")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
