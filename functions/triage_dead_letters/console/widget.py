"""The two functions as a CloudWatch custom widget.

CloudWatch calls view to draw the widget and at each refresh, and view or act when a button is
pressed: with the button's parameters, and `widgetContext` with the theme and the forms' fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dead_letters.selection import RequestError, read_where
from triage_dead_letters.actions import find_action
from triage_dead_letters.console.html import Html, tag
from triage_dead_letters.console.letter import letter_page
from triage_dead_letters.console.letters import letters_page
from triage_dead_letters.console.overview import Endpoints, overview
from triage_dead_letters.console.result import error_page, result_page
from triage_dead_letters.console.stylesheet import page
from triage_dead_letters.view import View

CONTEXT = "widgetContext"

# What CloudWatch shows to a person who adds the widget.
DOCUMENTATION = {
    "markdown": "## Dead letters\nSignups that could not be invited, by reason, with what to do "
    "about each. Drawing the widget receives no letter. It takes no parameters."
}


def draw_view(event: Mapping[str, Any], view: View, endpoints: Endpoints) -> Html:
    """A page of view: the reasons, the letters with one reason, or a letter."""
    theme = _context(event).get("theme")
    if event.get("action") == "show":
        return page(theme, *letter_page(view.show(_request(event)), endpoints))
    listing, now = view.listing(), view.clock.now()
    if event.get("page") != "letters":
        return page(theme, *overview(listing, endpoints, now, view.retention))
    where = read_where(event.get("where") or {})
    records = [record for record in listing.records if where.matches(record)]
    start = event.get("start") if isinstance(event.get("start"), int) else 0
    code = where.texts.get("code", "")
    return page(theme, *letters_page(records, code, start or 0, endpoints, now, view.retention))


def draw_act(
    event: Mapping[str, Any], act: Callable[[Mapping[str, Any]], dict[str, Any]], endpoint: str
) -> Html:
    """Do what a button asks for, with what the forms say; draw the result's page."""
    return page(_context(event).get("theme"), *_act(_request(event), _form(event), act, endpoint))


def draw_error(event: Mapping[str, Any], error: Exception) -> Html:
    """A page that says why there is no other."""
    return page(_context(event).get("theme"), tag("p", str(error), class_="alert"))


def _act(
    request: Mapping[str, Any],
    form: Mapping[str, Any],
    act: Callable[[Mapping[str, Any]], dict[str, Any]],
    endpoint: str,
) -> list[Html]:
    try:
        action = find_action(request)
    except RequestError as error:
        return error_page(str(error))
    answer = act({**request, "by": str(form.get("by", "")), **action.fill_in(request, form)})
    if "error" in answer:
        return error_page(answer["error"])
    is_unfinished = answer.get("again", False)
    return result_page(action.result(answer), request, endpoint, is_unfinished=is_unfinished)


def _request(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != CONTEXT}


def _context(event: Mapping[str, Any]) -> Mapping[str, Any]:
    context = event.get(CONTEXT)
    return context if isinstance(context, Mapping) else {}


def _form(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of all forms on the page, by name."""
    forms = _context(event).get("forms")
    fields = forms.get("all") if isinstance(forms, Mapping) else None
    return fields if isinstance(fields, Mapping) else {}
