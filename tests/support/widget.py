"""The console's widget as CloudWatch calls it, and what a browser would read from its page."""

from html.parser import HTMLParser
from typing import Any

from support.dead_letters import Triage
from triage_dead_letters.console.html import Html
from triage_dead_letters.console.overview import Endpoints
from triage_dead_letters.console.widget import draw_view

ENDPOINTS = Endpoints("arn:view", "arn:act")
DARK: dict[str, Any] = {"widgetContext": {"theme": "dark", "forms": {"all": {}}}}


def draw(triage: Triage, **event: object) -> Html:
    """A page of view."""
    return draw_view(DARK | event, triage.view, ENDPOINTS)


class ParsedPage(HTMLParser):
    """What a browser would send from a page.

    Attributes:
        values: The value of each field, by name.
        parameters: The parameters of each button, as JSON.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.parameters: list[str] = []
        self._is_action = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a field's value."""
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.values[given["name"]] = given["value"]
        self._is_action = tag == "cwdb-action"

    def handle_data(self, data: str) -> None:
        """Keep a button's parameters."""
        if self._is_action:
            self.parameters.append(data)
