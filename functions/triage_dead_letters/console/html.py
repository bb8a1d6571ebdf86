"""HTML in which every value is escaped: text becomes HTML only through `tag`.

Invisible characters, and those that change the order of others, are shown in Unicode's notation,
each in an element of its own that no text can imitate. Joiners of emoji and of scripts are no
exception: a name with a joiner looks like the name without it.
"""

import html
import json
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from dead_letters.correction import NOT_HELD
from invites.redaction import is_invisible, notation

# Controls and surrogates are not put into a text field: it drops line breaks, a parser replaces NUL
# (HTML, 4.10.5.1.2 and 13.2.5), and UTF-8 has no surrogates.
_NOT_FOR_FIELDS = frozenset({"Cc", "Cs"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Html:
    """An element.

    Args:
        name: As `div`.
        children: Text is escaped, HTML is not.
        attributes: By name; `class_` for `class`.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*pieces: str) -> Html:
    """Several pieces in a row; text among them is escaped."""
    return Html("".join(piece if isinstance(piece, Html) else text(piece) for piece in pieces))


def text(value: str, laid_out: str = "\t\n") -> Html:
    """Text, escaped and with invisible characters marked, except white space of the layout."""
    runs = groupby(value, lambda char: is_invisible(char) and char not in laid_out)
    pieces = ((unseen, "".join(run)) for unseen, run in runs)
    return Html("".join(_mark(piece) if unseen else html.escape(piece) for unseen, piece in pieces))


def field(name: str, label: str, value: str = "") -> Html:
    """A field of a form, with its label.

    The value comes back unchanged. If some of it is invisible, it is shown once more below, with
    marks. A character that a field cannot hold becomes `NOT_HELD`, which a correction refuses.
    """
    name_, held = _attribute(name), html.escape("".join(map(_held, value)))
    control = Html(f'<input type="text" name="{name_}" value="{held}" autocomplete="off">')
    return tag("label", label, control, *_marked(value))


def button(
    label: str,
    endpoint: str,
    parameters: Mapping[str, Any],
    *,
    confirmation: str = "",
    display: str = "popup",
    is_main: bool = False,
) -> Html:
    """A button that calls a function: CloudWatch reads the element after it.

    Args:
        label: What it says.
        endpoint: The function's ARN.
        parameters: What it is called with.
        confirmation: The question asked before the call; none if empty.
        display: `popup`, or `widget` to take the widget's place.
        is_main: Whether it is the button that most operators need.
    """
    question = {"confirmation": confirmation} if confirmation else {}
    # JSON's escapes bring every character back exactly; json leaves the control U+007F unescaped.
    sent = json.dumps(parameters, ensure_ascii=True).replace("\x7f", "\\u007f")
    action = tag(
        "cwdb-action",
        sent,
        action="call",
        endpoint=endpoint,
        display=display,
        **question,
    )
    return join(tag("a", label, class_="btn btn-primary" if is_main else "btn"), action)


def _mark(unseen: str) -> Html:
    return tag("span", "".join(map(notation, unseen)), class_="unseen")


def _attribute(value: str) -> str:
    """An attribute's value. It can contain no element, so its marks are text."""
    return html.escape("".join(notation(char) if is_invisible(char) else char for char in value))


def _held(character: str) -> str:
    return NOT_HELD if unicodedata.category(character) in _NOT_FOR_FIELDS else character


def _marked(value: str) -> list[Html]:
    """A field's value with marks, if some of it is invisible."""
    if not any(map(is_invisible, value)):
        return []
    return [tag("span", "Some of this is invisible: ", text(value, ""), class_="alert")]
