"""The console's third page: one letter, whole, with a form to correct it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dead_letters.correction import NOT_HELD
from triage_dead_letters.console.html import Html, button, field, tag
from triage_dead_letters.console.overview import Endpoints

# Enough to see what a body or an attribute is; all of it is in the answer to a request of JSON.
MAX_TEXT_LENGTH = 20_000
# Longer than an address, or as many roles as there may be: what is cut is refused all the same.
MAX_VALUE_LENGTH = 10_000
# Of a list.
MAX_PEOPLE = 20


def letter_page(shown: Mapping[str, Any], endpoints: Endpoints) -> list[Html]:
    """The page's parts, of the answer to `show`."""
    message_id = shown["messageId"]
    if not shown["found"]:
        return [tag("h3", "Not there"), tag("p", _absence(shown)), _look_again(shown, endpoints)]
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
        return f"This letter was {'replayed' if state == 'sent' else 'discarded'}."
    if shown["again"]:
        return "Somebody else holds letters just now, or there are many. Look again in a minute."
    return "It is in the queue no more: SQS redrove or deleted it. Scan takes it off the list."


def _look_again(shown: Mapping[str, Any], endpoints: Endpoints) -> Html:
    if not shown["again"]:
        return tag("span")
    again = {"action": "show", "messageId": shown["messageId"]}
    return button("Look again", endpoints.view, again)


def _explanation(now: Mapping[str, Any], known: Mapping[str, Any] | None) -> Html:
    people = _people(now["invites"])
    today = f"By today's rules: {now['outcome']}"
    today += f" {people}" if people else f" ({now['reason'] or ''} {now['detail']})".rstrip()
    if now["moreParts"]:
        today += f"; and {now['moreParts']:,} more events, which are not explained"
    reason = known["reason"] if known else {"code": "unknown to the ledger", "detail": ""}
    return tag(
        "div",
        tag("p", f"It failed with {reason['code']}: {reason['detail']}"),
        tag("p", f"{today}."),
    )


def _people(invites: Sequence[Mapping[str, Any]]) -> str:
    shown = [f"{one['email']} as {', '.join(one['roles'])}" for one in invites[:MAX_PEOPLE]]
    more = len(invites) - len(shown)
    return "; ".join([*shown, f"and {more:,} more people"] if more else shown)


def _facts(shown: Mapping[str, Any]) -> Html:
    facts = {"Sent": shown["sent"], "Deleted by SQS": shown["expires"]}
    facts |= {name: _cut(one["value"]) for name, one in shown["attributes"].items()}
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
    """The roles, as the form takes them back; a comma within one would make two of it."""
    names = (role.strip().replace(",", NOT_HELD) for role in person.get("roles", []))
    return ", ".join(names)[:MAX_VALUE_LENGTH]


def _buttons(message_id: str, endpoints: Endpoints) -> Html:
    one = {"messageIds": [message_id]}
    replay = {"action": "replay", **one}
    return tag(
        "div",
        button(
            "Replay corrected",
            endpoints.act,
            {**replay, "edit": "form"},
            confirmation="Send an event with this address and these roles instead of the letter?",
            is_main=True,
        ),
        button("Replay as it is", endpoints.act, replay, confirmation="Send the letter back?"),
        button(
            "Invite anew",
            endpoints.act,
            {**replay, "again": True},
            confirmation="Forget that this person was invited, and invite them once more?",
        ),
        button(
            "Discard",
            endpoints.act,
            {"action": "discard", **one},
            confirmation="Throw the letter away? This person is not invited.",
        ),
        class_="row",
    )
