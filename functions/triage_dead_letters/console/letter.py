"""The console's third page: one letter, whole, with a form to correct it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dead_letters.correction import NOT_HELD
from triage_dead_letters.console.html import Html, button, field, tag
from triage_dead_letters.console.overview import Endpoints

# Enough to see what a body or an attribute is. The answer of `show` as JSON has all of it.
MAX_TEXT_LENGTH = 20_000
# Longer than any address and than the most roles; what is cut here would be refused anyway.
MAX_VALUE_LENGTH = 10_000
# People of a list that are named one by one.
MAX_PEOPLE = 20


def letter_page(shown: Mapping[str, Any], endpoints: Endpoints) -> list[Html]:
    """The page's parts.

    Args:
        shown: The answer of `show`.
        endpoints: What buttons call.
    """
    message_id = shown["messageId"]
    if not shown["found"]:
        return [
            tag("h3", "Not in the queue"),
            tag("p", _absence(shown)),
            _look_again(shown, endpoints),
        ]
    return [
        tag("h3", f"Letter {message_id}"),
        _explanation(shown["explanation"], shown["ledger"]),
        _facts(shown),
        tag("pre", _cut(shown["body"])),
        _form(shown["explanation"]),
        _buttons(message_id, endpoints),
    ]


def _absence(shown: Mapping[str, Any]) -> str:
    state = (shown["ledger"] or {}).get("state")
    if state in ("sent", "discarded"):
        return f"This letter was {'replayed' if state == 'sent' else 'discarded'} before."
    if shown["again"]:
        return "Another call holds letters just now, or there are many. Look again in a minute."
    return "SQS redrove or deleted this letter. Scan takes it off the list."


def _look_again(shown: Mapping[str, Any], endpoints: Endpoints) -> Html:
    if not shown["again"]:
        return tag("span")
    again = {"action": "show", "messageId": shown["messageId"]}
    return button("Look again", endpoints.view, again)


def _explanation(explanation: Mapping[str, Any], known: Mapping[str, Any] | None) -> Html:
    failure = "The ledger has no reason for this letter. Scan lists it."
    if known:
        failure = f"It failed with {known['reason']['code']}: {known['reason']['detail']}"
    return tag("div", tag("p", failure), tag("p", _today(explanation)))


_OUTCOMES = {"invite": "invite", "ignore": "ignore the event:", "reject": "refuse the event:"}


def _today(explanation: Mapping[str, Any]) -> str:
    """What today's rules make of the letter: the people, or the reason."""
    reason = ", ".join(filter(None, (explanation["reason"], explanation["detail"])))
    what = _people(explanation["invites"]) or reason
    today = f"Today's rules {_OUTCOMES[explanation['outcome']]} {what}"
    if explanation["moreParts"]:
        today += f"; and {explanation['moreParts']:,} more events, which are not explained"
    return f"{today}."


def _people(invites: Sequence[Mapping[str, Any]]) -> str:
    shown = [f"{each['email']} as {', '.join(each['roles'])}" for each in invites[:MAX_PEOPLE]]
    more = len(invites) - len(shown)
    return "; ".join([*shown, f"and {more:,} more people"] if more else shown)


def _facts(shown: Mapping[str, Any]) -> Html:
    facts = {"Sent": shown["sent"], "Deleted by SQS": shown["expires"]}
    facts |= {name: _cut(given["value"]) for name, given in shown["attributes"].items()}
    pairs = [part for name, value in facts.items() for part in (tag("dt", name), tag("dd", value))]
    return tag("dl", *pairs)


def _cut(value: str) -> str:
    if len(value) <= MAX_TEXT_LENGTH:
        return value
    return f"{value[:MAX_TEXT_LENGTH]}\n… and {len(value) - MAX_TEXT_LENGTH:,} characters more"


def _form(explanation: Mapping[str, Any]) -> Html:
    people = explanation["invites"]
    is_one = len(people) == 1 and not explanation["moreParts"]
    person = people[0] if is_one else explanation["hint"]
    return tag(
        "form",
        field("email", "Address", person.get("email", "").strip()[:MAX_VALUE_LENGTH]),
        field("roles", "Roles, separated by commas; empty for the default", _listed(person)),
        field("by", "Your name, for the record"),
        field("why", "Why it is discarded"),
    )


def _listed(person: Mapping[str, Any]) -> str:
    """The roles, separated by commas. A comma in a name would make two roles of it."""
    names = (role.strip().replace(",", NOT_HELD) for role in person.get("roles", []))
    return ", ".join(names)[:MAX_VALUE_LENGTH]


def _buttons(message_id: str, endpoints: Endpoints) -> Html:
    replay = {"action": "replay", "messageIds": [message_id]}
    return tag(
        "div",
        button(
            "Replay corrected",
            endpoints.act,
            {**replay, "edit": "form"},
            confirmation="Send an event with this address and these roles instead of the letter?",
            is_main=True,
        ),
        button(
            "Replay as it is",
            endpoints.act,
            replay,
            confirmation="Send the letter back to the signup queue, unchanged?",
        ),
        button(
            "Invite again",
            endpoints.act,
            {**replay, "again": True},
            confirmation="Forget that this person was invited, and invite them again?",
        ),
        button(
            "Discard",
            endpoints.act,
            {"action": "discard", "messageIds": [message_id]},
            confirmation="Delete the letter for good? This person will not be invited.",
        ),
        class_="row",
    )
