"""What the console says after a button was pressed."""

from collections.abc import Mapping
from typing import Any

from triage_dead_letters.console.formatting import counted
from triage_dead_letters.console.html import Html, button, tag

# How many letters are named one by one.
MAX_NAMED = 20


def result_page(answer: Mapping[str, Any], request: Mapping[str, Any], endpoint: str) -> list[Html]:
    """The page's parts.

    Args:
        answer: Of act.
        request: What act was called with, to call it again with.
        endpoint: Act's ARN.
    """
    if "error" in answer:
        return [tag("h3", "Nothing was done"), tag("p", answer["error"], class_="alert")]
    lines = _scan(answer) if "seen" in answer else _letters(answer)
    if answer["again"]:
        lines += [tag("p", "There is more to do.", class_="alert"), _go_on(request, endpoint)]
    hint = tag("p", "Close this and refresh the widget to see what is left.", class_="soft")
    return [tag("h3", "Done" if not answer["again"] else "Done so far"), *lines, hint]


def _go_on(request: Mapping[str, Any], endpoint: str) -> Html:
    return tag("div", button("Continue", endpoint, request, is_main=True), class_="row")


def _scan(answer: Mapping[str, Any]) -> list[Html]:
    return [
        tag("p", f"{counted(answer['seen'], 'letter')} seen, and put back."),
        tag("p", f"{answer['new']:,} of them are new to the list."),
        tag("p", f"{answer['left']:,} were taken off it: they are in the queue no more."),
    ]


def _letters(answer: Mapping[str, Any]) -> list[Html]:
    sums = (("replayed", "replayed"), ("discarded", "discarded"), ("doneBefore", "done before"))
    lines = [
        tag("p", f"{counted(answer[key], 'letter')} {words}.") for key, words in sums if answer[key]
    ]
    lines += _named("not found", dict.fromkeys(answer["notFound"], ""))
    lines += _named("perhaps sent before; see the runbook", dict.fromkeys(answer["unsure"], ""))
    lines += _named("sent or discarded, not yet deleted", dict.fromkeys(answer["undeleted"], ""))
    lines += _named("not done", answer["failed"])
    return lines or [tag("p", "There was nothing to do.")]


def _named(what: str, letters: Mapping[str, str]) -> list[Html]:
    if not letters:
        return []
    named = [
        tag("p", f"{message_id} {error}".strip(), class_="soft")
        for message_id, error in list(letters.items())[:MAX_NAMED]
    ]
    return [tag("p", f"{counted(len(letters), 'letter')} {what}:", class_="alert"), *named]
