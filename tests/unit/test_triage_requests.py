"""triage_dead_letters.requests, explaining, settings."""

from typing import Any

import pytest

from aws_adapters.settings import SettingsError
from dead_letters.correction import Edit
from dead_letters.selection import RequestError
from invites.explain import MAX_EXPLAINED
from support.build import READER, cloud_event, message, signup, sns
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.requests import read_actor, read_discard, read_replay
from triage_dead_letters.settings import Settings

ONE = {"action": "replay", "messageIds": ["a"]}
NAMES = {
    "LEDGER_TABLE_NAME": "ledger",
    "DEAD_LETTER_QUEUE_URL": "queue",
    "DEAD_LETTER_RETENTION_SECONDS": "1209600",
}


def test_a_replay() -> None:
    """Of one letter, with what is to be corrected."""
    asked = read_replay({**ONE, "edit": {"email": "a@b.test", "roles": [" Artist "]}, "by": "Ada"})
    assert asked.edit == Edit("a@b.test", ("Artist",))
    assert (list(asked.selection.ids), asked.is_dry_run, asked.again) == (["a"], False, False)


@pytest.mark.parametrize(
    "request_",
    [
        {"action": "replay"},
        {**ONE, "where": {}},
        {**ONE, "dry_run": True},
        {**ONE, "dryRun": "true"},
        {"messageIds": ["a", "b"], "again": True},
        {"where": {}, "edit": {"email": "a@b.test"}},
        {**ONE, "edit": {}},
        {**ONE, "edit": {"email": ""}},
        {**ONE, "edit": {"roles": "Artist"}},
        {**ONE, "edit": {"roles": ["x" * 101]}},
        {**ONE, "edit": {"name": "Ada"}},
    ],
)
def test_a_replay_that_is_none(request_: dict[str, Any]) -> None:
    """A slip does not do more than was meant."""
    with pytest.raises(RequestError):
        read_replay(request_)


def test_a_discard_keeps_no_address() -> None:
    """The reason is for the ledger."""
    asked = {"action": "discard", "where": {}, "why": "left: ada@example.test"}
    assert read_discard(asked)[1] == "left: ***"
    with pytest.raises(RequestError, match="why"):
        read_discard({**asked, "why": " "})


def test_who_acts() -> None:
    """As they say, on one line; nobody has to say."""
    assert read_actor({"by": " Ada\n"}, "request-1").by == "Ada"
    assert read_actor({}, "request-1").by == ""
    for by in (5, "x" * 201):
        with pytest.raises(RequestError):
            read_actor({"by": by}, "request-1")


@pytest.mark.parametrize(
    ("body", "outcome", "reason", "people"),
    [
        (signup(), "invite", None, 1),
        ([signup(1), signup(2)], "invite", None, 2),
        ([signup(number) for number in range(1000)], "invite", None, MAX_EXPLAINED),
        ("prose", "reject", "malformed_body", 0),
        (cloud_event({}, "uk.spacemedia.signup.updated"), "ignore", "not_a_signup", 0),
    ],
)
def test_explanations(body: object, outcome: str, reason: str | None, people: int) -> None:
    """What would become of a body now."""
    said = RulesExplainer(READER).explain(message(body).body)
    assert (said["outcome"], said["reason"], len(said["invites"])) == (outcome, reason, people)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (
            cloud_event({"email": "ada", "roles": ["A", 5]}),
            {"email": "ada", "roles": ["A"]},
        ),
        (sns({"email": 5, "roles": "A"}), {"email": "", "roles": []}),
        (cloud_event("text"), {"email": "", "roles": []}),
        ([signup()], {}),
        ("prose", {}),
    ],
)
def test_a_correction_begins_with_what_the_letter_says(body: object, hint: object) -> None:
    """Though it is refused, and whatever it is made of."""
    assert RulesExplainer(READER).explain(message(body).body)["hint"] == hint


def test_settings() -> None:
    """Read as send_invites reads them."""
    settings = Settings.from_environment(NAMES)
    assert settings.dead_letter_queue_url == NAMES["DEAD_LETTER_QUEUE_URL"]
    with pytest.raises(SettingsError, match="SIGNUP_QUEUE_URL"):
        settings.for_act()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_setting_that_is_missing(name: str) -> None:
    """It is named."""
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**NAMES, name: " "})


def test_a_retention_that_is_no_number() -> None:
    """It is named as well."""
    with pytest.raises(SettingsError, match="RETENTION"):
        Settings.from_environment({**NAMES, "DEAD_LETTER_RETENTION_SECONDS": "14 days"})
