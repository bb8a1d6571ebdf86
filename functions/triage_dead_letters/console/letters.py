"""The console's second page: the letters with one reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from dead_letters.letter import DeadLetterRecord, State
from dead_letters.listing import describe
from triage_dead_letters.console.formatting import age, counted, day, title
from triage_dead_letters.console.html import Html, button, field, tag
from triage_dead_letters.console.overview import Endpoints

# As many letters as a person looks through before filtering.
PAGE_SIZE = 50


def letters_page(
    records: Sequence[DeadLetterRecord],
    code: str,
    start: int,
    endpoints: Endpoints,
    now: float,
    retention: float,
) -> list[Html]:
    """The page's parts.

    Args:
        records: All letters with this reason, oldest first.
        code: The reason.
        start: Index of the first letter on this page.
        endpoints: What buttons call.
        now: Epoch seconds.
        retention: Seconds that a letter is kept.
    """
    shown = records[start : start + PAGE_SIZE]
    head = tag("h3", f"{title(code)}: {counted(len(records), 'letter')}")
    cards = [_card(record, endpoints, now, retention) for record in shown]
    links = [_page_button("All reasons", {}, endpoints)]
    if start:
        links.append(_page_button("Earlier", _page_at(code, max(0, start - PAGE_SIZE)), endpoints))
    if start + PAGE_SIZE < len(records):
        links.append(_page_button("More", _page_at(code, start + PAGE_SIZE), endpoints))
    form = tag("form", field("by", "Your name, for the record"))
    return [head, tag("div", *links, class_="row"), form, tag("div", *cards, class_="cards")]


def _page_button(label: str, parameters: Mapping[str, Any], endpoints: Endpoints) -> Html:
    return button(label, endpoints.view, parameters, display="widget")


def _broken_off(record: DeadLetterRecord) -> list[Html]:
    if record.state is not State.SENDING:
        return []
    return [tag("p", "A replay broke off: replay this letter again.", class_="alert")]


def _show(record: DeadLetterRecord) -> dict[str, Any]:
    return {"action": "show", "messageId": record.message_id}


def _page_at(code: str, start: int) -> dict[str, Any]:
    return {"page": "letters", "where": {"code": code}, "start": start}


def _card(record: DeadLetterRecord, endpoints: Endpoints, now: float, retention: float) -> Html:
    known = describe(record, retention)
    expires = day(record.sent_at + retention)
    return tag(
        "div",
        tag("p", known["summary"]),
        tag("p", known["reason"]["detail"], class_="soft"),
        tag("p", f"Sent {age(now - record.sent_at)} ago, deleted on {expires}.", class_="soft"),
        tag("p", record.message_id, class_="soft"),
        *_broken_off(record),
        tag(
            "div",
            button("Open", endpoints.view, _show(record), is_main=True),
            button(
                "Replay",
                endpoints.act,
                {"action": "replay", "messageIds": [record.message_id]},
                confirmation="Send this letter back to the signup queue, as it is?",
            ),
            class_="row",
        ),
        class_="card",
    )
