"""The console's second page: the letters with one reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from dead_letters.letter import DeadLetterRecord, State
from dead_letters.listing import describe
from triage_dead_letters.console.formatting import age, counted, day, title
from triage_dead_letters.console.html import Html, button, field, tag
from triage_dead_letters.console.overview import Endpoints

# As many as a person looks through before filtering.
PER_PAGE = 50


def letters_page(
    rows: Sequence[DeadLetterRecord],
    code: str,
    start: int,
    endpoints: Endpoints,
    now: float,
    retention: float,
) -> list[Html]:
    """The page's parts.

    Args:
        rows: All with this reason, oldest first.
        code: The reason.
        start: Which is the first on this page.
        endpoints: What buttons call.
        now: Epoch seconds.
        retention: Seconds that a letter is kept.
    """
    shown = rows[start : start + PER_PAGE]
    head = tag("h3", f"{title(code)}: {counted(len(rows), 'letter')}")
    cards = [_card(row, endpoints, now, retention) for row in shown]
    turns = [_turn("All reasons", {}, endpoints)]
    if start:
        turns.append(_turn("Earlier", _at(code, max(0, start - PER_PAGE)), endpoints))
    if start + PER_PAGE < len(rows):
        turns.append(_turn("More", _at(code, start + PER_PAGE), endpoints))
    forms = tag("form", field("by", "Your name, for the record"))
    return [head, tag("div", *turns, class_="row"), forms, tag("div", *cards, class_="cards")]


def _turn(label: str, parameters: Mapping[str, Any], endpoints: Endpoints) -> Html:
    return button(label, endpoints.view, parameters, display="widget")


def _begun(row: DeadLetterRecord) -> list[Html]:
    if row.state is not State.SENDING:
        return []
    return [tag("p", "A replay was begun and broke off: replay it again.", class_="alert")]


def _show(row: DeadLetterRecord) -> dict[str, Any]:
    return {"action": "show", "messageId": row.message_id}


def _at(code: str, start: int) -> dict[str, Any]:
    return {"page": "letters", "where": {"code": code}, "start": start}


def _card(row: DeadLetterRecord, endpoints: Endpoints, now: float, retention: float) -> Html:
    known = describe(row, retention)
    expires = day(row.sent_at + retention)
    one = {"messageIds": [row.message_id]}
    return tag(
        "div",
        tag("p", known["summary"]),
        tag("p", known["reason"]["detail"], class_="soft"),
        tag("p", f"Sent {age(now - row.sent_at)} ago, deleted on {expires}.", class_="soft"),
        tag("p", row.message_id, class_="soft"),
        *_begun(row),
        tag(
            "div",
            button("Open", endpoints.view, _show(row), is_main=True),
            button(
                "Replay",
                endpoints.act,
                {"action": "replay", **one},
                confirmation="Send this letter back to the signup queue, as it is?",
            ),
            class_="row",
        ),
        class_="card",
    )
