"""A real Chromium: the one that is installed, or the one that Playwright brings."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def installed_chromium() -> str | None:
    """The path of the installed Chromium; None if there is none on the search path."""
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in found if path), None)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start it, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium())
        yield browser
        browser.close()


if __name__ == "__main__":
    # Chromium is downloaded only where none is installed.
    if not installed_chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
