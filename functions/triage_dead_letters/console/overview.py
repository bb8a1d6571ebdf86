"""The console's first page: letters grouped by reason, and what to do about each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dead_letters.advice import advice
from dead_letters.letter import DeadLetterRecord
from dead_letters.listing import Listing
from triage_dead_letters.console.formatting import age, counted, day, title
from triage_dead_letters.console.html import Html, button, field, tag


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The ARNs of the two functions, which buttons call."""

    view: str
    act: str


def overview(whole: Listing, endpoints: Endpoints, now: float, retention: float) -> list[Html]:
    """The page's parts; nothing in it needs a letter to be received."""
    groups = defaultdict(list)
    for row in whole.rows:
        groups[row.code].append(row)
    by_count = sorted(groups.items(), key=lambda group: -len(group[1]))
    cards = [_card(code, rows, endpoints, now, retention) for code, rows in by_count]
    return [_head(whole, endpoints), _forms(), tag("div", *cards, class_="cards")]


def _head(whole: Listing, endpoints: Endpoints) -> Html:
    known = len(whole.rows)
    if not known and not whole.total:
        return tag("p", "No dead letters: every signup was dealt with.")
    lines = [tag("h3", f"{counted(known, 'dead letter')} with a reason")]
    if not whole.is_complete:
        lines += [tag("p", _disagreement(known, whole.total), class_="alert"), _scan(endpoints)]
    return tag("div", *lines)


def _disagreement(known: int, total: int) -> str:
    if total > known:
        return (
            f"The queue counts {total}, so {total - known} have no reason yet: they came without "
            "the function (a bad deployment, a time-out). Scan lists them."
        )
    return (
        f"The queue counts {total} only: some were redriven by SQS or are on their way. "
        "Scan takes those off the list that are gone."
    )


def _scan(endpoints: Endpoints) -> Html:
    asked = "Receive every letter once, and put all back? Others cannot receive them meanwhile."
    return tag("div", button("Scan", endpoints.act, {"action": "scan"}, confirmation=asked))


def _forms() -> Html:
    return tag(
        "form",
        field("by", "Your name, for the record"),
        field("why", "Why letters are discarded"),
    )


def _card(
    code: str, rows: Sequence[DeadLetterRecord], endpoints: Endpoints, now: float, retention: float
) -> Html:
    advised, count = advice(code), counted(len(rows), "letter")
    where = {"where": {"code": code}}
    oldest = min(row.sent_at for row in rows)
    return tag(
        "div",
        tag("span", str(len(rows)), class_="count"),
        tag("h3", title(code)),
        tag("p", advised.meaning),
        tag("p", advised.todo),
        tag("p", f"Replay helps {advised.replay_helps}.", class_="soft"),
        tag(
            "p",
            f"Oldest sent {age(now - oldest)} ago; SQS deletes it on {day(oldest + retention)}.",
            class_="alert" if oldest + retention - now < _SOON else "soft",
        ),
        tag(
            "div",
            button(
                "Show letters",
                endpoints.view,
                {"page": "letters", **where},
                display="widget",
                is_main=not advised.is_worth_replaying,
            ),
            button(
                "Replay all of this kind",
                endpoints.act,
                {"action": "replay", **where},
                confirmation=f"Send {count} ({code}) back to the signup queue?",
                is_main=advised.is_worth_replaying,
            ),
            button(
                "Discard all of this kind",
                endpoints.act,
                {"action": "discard", **where},
                confirmation=f"Throw {count} ({code}) away? These people are not invited.",
            ),
            class_="row",
        ),
        class_="card",
    )


# Two days before its end there is a working day left to act on a letter, whatever day it is.
_SOON = 2 * 24 * 3600
