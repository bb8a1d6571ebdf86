"""The dead-letter console: the two functions as a CloudWatch custom widget.

CloudWatch calls view to draw it and on each refresh, and view or act when a button is pressed,
with the button's parameters and `widgetContext`: the theme, and what is in the forms.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dead_letters.selection import read_where
from triage_dead_letters.console.html import Html, tag
from triage_dead_letters.console.letter import letter_page
from triage_dead_letters.console.letters import letters_page
from triage_dead_letters.console.overview import Endpoints, overview
from triage_dead_letters.console.result import result_page
from triage_dead_letters.console.stylesheet import page
from triage_dead_letters.view import View

CONTEXT = "widgetContext"

# What CloudWatch shows to whoever adds the widget.
DOCUMENTATION = {
    "markdown": "## Dead letters\nSignups that could not be invited, by reason, with what to do "
    "about each. Drawing it receives no letter. It takes no parameters."
}


def draw_view(event: Mapping[str, Any], view: View, endpoints: Endpoints) -> Html:
    """A page of view: reasons, letters with one reason, or a letter."""
    theme = _context(event).get("theme")
    if event.get("action") == "show":
        return page(theme, *letter_page(view.show(_request(event)), endpoints))
    whole, now = view.listing(), view.clock.now()
    if event.get("page") != "letters":
        return page(theme, *overview(whole, endpoints, now, view.retention))
    where = read_where(event.get("where") or {})
    rows = [row for row in whole.rows if where.matches(row)]
    start = event.get("start") if isinstance(event.get("start"), int) else 0
    code = where.texts.get("code", "")
    return page(theme, *letters_page(rows, code, start or 0, endpoints, now, view.retention))


def draw_act(
    event: Mapping[str, Any], act: Callable[[Mapping[str, Any]], dict[str, Any]], endpoint: str
) -> Html:
    """Do what a button asks for, with what is in the forms; the result's page."""
    asked = _request(event)
    answer = act(asked | _filled_in(asked, _forms(event)))
    return page(_context(event).get("theme"), *result_page(answer, asked, endpoint))


def draw_error(event: Mapping[str, Any], error: Exception) -> Html:
    """A page that says why there is none."""
    return page(_context(event).get("theme"), tag("p", str(error), class_="alert"))


def _filled_in(asked: Mapping[str, Any], forms: Mapping[str, Any]) -> dict[str, Any]:
    """Of the forms, what the button's action takes."""
    filled: dict[str, Any] = {"by": str(forms.get("by", ""))}
    if asked.get("action") == "discard":
        filled["why"] = str(forms.get("why", ""))
    if asked.get("edit") == "form":
        roles = [role.strip() for role in str(forms.get("roles", "")).split(",") if role.strip()]
        filled["edit"] = {"email": str(forms.get("email", "")), "roles": roles}
    return filled


def _request(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != CONTEXT}


def _context(event: Mapping[str, Any]) -> Mapping[str, Any]:
    context = event.get(CONTEXT)
    return context if isinstance(context, Mapping) else {}


def _forms(event: Mapping[str, Any]) -> Mapping[str, Any]:
    forms = _context(event).get("forms")
    filled = forms.get("all") if isinstance(forms, Mapping) else None
    return filled if isinstance(filled, Mapping) else {}
