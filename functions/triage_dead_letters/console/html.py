"""HTML in which every value is escaped: text becomes HTML only through `tag`.

What is not seen, or changes the order of what is, is shown in Unicode's notation: as an element of
its own, so that nobody can write one. Joiners of emoji and of scripts are no exception: a name with
one in it looks like a name without.
"""

import html
import json
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from dead_letters.correction import NOT_HELD
from invites.redaction import is_invisible, notation

# A text field has no line breaks, NUL is replaced by whoever reads HTML (HTML, 4.10.5.1.2 and
# 13.2.5), and half characters have no UTF-8: controls and surrogates are not put into one.
_NOT_FOR_FIELDS = frozenset({"Cc", "Cs"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Html:
    """An element.

    Args:
        name: As `div`.
        children: Text, which is escaped, and HTML, which is not.
        attributes: By name; `class_` for `class`.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Several pieces, one after the other."""
    return Html("".join(one if isinstance(one, Html) else text(one) for one in children))


def text(value: str, laid_out: str = "\t\n") -> Html:
    """Text, escaped; what is not seen is marked, but for white space that the page lays out."""
    runs = groupby(value, lambda one: is_invisible(one) and one not in laid_out)
    pieces = ((unseen, "".join(run)) for unseen, run in runs)
    return Html("".join(_mark(one) if unseen else html.escape(one) for unseen, one in pieces))


def field(name: str, label: str, value: str = "") -> Html:
    """A field of a form, with its label.

    The value comes back as it is, whether it is seen or not; what is not is shown below. What a
    field cannot hold is `NOT_HELD` in it, with which no correction is taken.
    """
    name_, held = _attribute(name), html.escape("".join(map(_held, value)))
    control = Html(f'<input type="text" name="{name_}" value="{held}" autocomplete="off">')
    return tag("label", label, control, *_whole(value))


def button(
    label: str,
    endpoint: str,
    parameters: Mapping[str, Any],
    *,
    confirmation: str = "",
    display: str = "popup",
    is_main: bool = False,
) -> Html:
    """A button that calls a function: CloudWatch reads the element behind it.

    Args:
        label: What it says.
        endpoint: The function's ARN.
        parameters: What it is called with.
        confirmation: What is asked before; nothing if empty.
        display: `popup`, or `widget` to take the widget's place.
        is_main: Whether it is the one to press.
    """
    asked = {"confirmation": confirmation} if confirmation else {}
    # JSON's own escapes, so that they come back exactly; it leaves one control as it is.
    sent = json.dumps(parameters, ensure_ascii=True).replace("\x7f", "\\u007f")
    action = tag(
        "cwdb-action",
        sent,
        action="call",
        endpoint=endpoint,
        display=display,
        **asked,
    )
    return join(tag("a", label, class_="btn btn-primary" if is_main else "btn"), action)


def _mark(unseen: str) -> Html:
    return tag("span", "".join(map(notation, unseen)), class_="unseen")


def _attribute(value: str) -> str:
    """An attribute's value: text, in which there can be no element."""
    return html.escape("".join(notation(one) if is_invisible(one) else one for one in value))


def _held(character: str) -> str:
    return NOT_HELD if unicodedata.category(character) in _NOT_FOR_FIELDS else character


def _whole(value: str) -> list[Html]:
    """A field's value with marks, if not all of it is seen in the field."""
    if not any(map(is_invisible, value)):
        return []
    return [tag("span", "Not all of this is seen: ", text(value, ""), class_="alert")]
