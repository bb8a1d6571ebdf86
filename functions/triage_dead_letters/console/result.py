"""What the console says after a button of act was pressed."""

from collections.abc import Mapping, Sequence
from typing import Any

from triage_dead_letters.console.formatting import counted
from triage_dead_letters.console.html import Html, button, tag

# How many letters are named one by one.
MAX_NAMED = 20


def result_page(
    lines: Sequence[Html], request: Mapping[str, Any], endpoint: str, *, is_unfinished: bool
) -> list[Html]:
    """The page's parts.

    Args:
        lines: What was done, as the action words it.
        request: What act was called with, to call it with again.
        endpoint: Act's ARN.
        is_unfinished: Whether another call has more to do.
    """
    if not is_unfinished:
        return [tag("h3", "Done"), *lines, _HINT]
    unfinished = tag("p", "There is more to do: press Continue.", class_="alert")
    proceed = tag("div", button("Continue", endpoint, request, is_main=True), class_="row")
    return [tag("h3", "Done so far"), *lines, unfinished, proceed, _HINT]


_HINT = tag("p", "Close this and refresh the widget to see what is left.", class_="soft")


def error_page(error: str) -> list[Html]:
    """The page's parts, of a request that was refused or that failed at once."""
    return [tag("h3", "Nothing was done"), tag("p", error, class_="alert")]


def scan_result(answer: Mapping[str, Any]) -> list[Html]:
    """What a scan has found."""
    return [
        tag("p", f"{counted(answer['seen'], 'letter')} seen and put back."),
        tag("p", f"New on the list: {answer['new']:,}."),
        tag("p", f"No longer in the queue, and taken off the list: {answer['left']:,}."),
    ]


_UNSURE = "may have been sent before; look in the log for the event, then redrive or discard"
_UNDELETED = "sent or discarded, but still in the queue; Scan deletes what is done"


def letters_result(answer: Mapping[str, Any]) -> list[Html]:
    """What became of the letters of a replay or a discard."""
    sums = {"replayed": "replayed", "discarded": "discarded", "doneBefore": "done before"}
    lines = [
        tag("p", f"{counted(answer[key], 'letter')} {words}.")
        for key, words in sums.items()
        if answer[key]
    ]
    lines += _named("not found", dict.fromkeys(answer["notFound"], ""))
    lines += _named(_UNSURE, dict.fromkeys(answer["unsure"], ""))
    lines += _named(_UNDELETED, dict.fromkeys(answer["undeleted"], ""))
    lines += _named("failed", answer["failed"])
    return lines or [tag("p", "There was nothing to do.")]


def _named(what: str, errors: Mapping[str, str]) -> list[Html]:
    """Letters by message id, each with its error if it has one."""
    if not errors:
        return []
    named = [
        tag("p", f"{message_id} {error}".strip(), class_="soft")
        for message_id, error in list(errors.items())[:MAX_NAMED]
    ]
    return [tag("p", f"{counted(len(errors), 'letter')} {what}:", class_="alert"), *named]
