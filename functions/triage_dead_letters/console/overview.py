"""The console's first page: letters grouped by reason, and what to do about each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dead_letters.advice import advice
from dead_letters.letter import DeadLetterRecord
from dead_letters.listing import Listing
from triage_dead_letters.console.formatting import age, counted, day, title
from triage_dead_letters.console.html import Html, button, field, tag

# From two days before SQS deletes the oldest letter its date is in red: time to act is left.
_SOON = 2 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The ARNs of the two functions, which buttons call."""

    view: str
    act: str


def overview(listing: Listing, endpoints: Endpoints, now: float, retention: float) -> list[Html]:
    """The page's parts; drawing them receives no letter."""
    groups = defaultdict(list)
    for record in listing.records:
        groups[record.code].append(record)
    by_count = sorted(groups.items(), key=lambda group: -len(group[1]))
    cards = [_card(code, records, endpoints, now, retention) for code, records in by_count]
    return [_head(listing, endpoints), _form(), tag("div", *cards, class_="cards")]


def _head(listing: Listing, endpoints: Endpoints) -> Html:
    known = len(listing.records)
    if not known and not listing.total:
        return tag("p", "No dead letters: there is nothing to do.")
    lines = [tag("h3", f"{counted(known, 'dead letter')} with a reason")]
    if not listing.is_complete:
        lines += [tag("p", _disagreement(known, listing.total), class_="alert"), _scan(endpoints)]
    return tag("div", *lines)


def _disagreement(known: int, total: int) -> str:
    if total > known:
        return (
            f"Letters without a reason yet: {total - known:,}. The function never ran for them or "
            "was ended on the way (a bad deployment, a time-out). Scan lists them."
        )
    return (
        f"The queue counts only {counted(total, 'letter')}: SQS redrove some, or they are still on "
        "their way. Scan takes letters off the list that are gone."
    )


def _scan(endpoints: Endpoints) -> Html:
    question = "Receive every letter once and put it back? Nobody else can receive it meanwhile."
    return tag("div", button("Scan", endpoints.act, {"action": "scan"}, confirmation=question))


def _form() -> Html:
    return tag(
        "form",
        field("by", "Your name, for the record"),
        field("why", "Why letters are discarded"),
    )


def _card(
    code: str,
    records: Sequence[DeadLetterRecord],
    endpoints: Endpoints,
    now: float,
    retention: float,
) -> Html:
    advised, count = advice(code), counted(len(records), "letter")
    where = {"where": {"code": code}}
    oldest = min(record.sent_at for record in records)
    return tag(
        "div",
        tag("span", str(len(records)), class_="count"),
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
                confirmation=f"Delete {count} ({code}) for good? These people will not be invited.",
            ),
            class_="row",
        ),
        class_="card",
    )
