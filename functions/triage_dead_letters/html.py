"""HTML in which every value is escaped: text becomes HTML only through `tag`."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

# What is not seen, or turns the order of what is: control characters, marks and overrides of
# direction, zero-width characters, line separators, half characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


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
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Several pieces, one after the other."""
    return Html("".join(one if isinstance(one, Html) else text(one) for one in children))


def text(value: str) -> Html:
    """Text, escaped, with every character that hides or turns others written out."""
    shown = _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    return Html(html.escape(shown, quote=True))


def field(name: str, label: str, value: str = "") -> Html:
    """A field of a form, with its label."""
    name_, value_ = text(name), text(value)
    control = Html(f'<input type="text" name="{name_}" value="{value_}" autocomplete="off">')
    return tag("label", label, control)


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
    action = tag(
        "cwdb-action",
        json.dumps(parameters, ensure_ascii=True),
        action="call",
        endpoint=endpoint,
        display=display,
        **asked,
    )
    return join(tag("a", label, class_="btn btn-primary" if is_main else "btn"), action)
