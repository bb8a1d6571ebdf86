"""triage_dead_letters.explainer."""

import pytest

from invites.explain import MAX_EXPLAINED
from support.build import READER, cloud_event, message, signup, sns
from triage_dead_letters.explainer import RulesExplainer

EXPLAINER = RulesExplainer(READER)


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
def test_a_body_is_explained_by_todays_rules(
    body: object, outcome: str, reason: str | None, people: int
) -> None:
    answer = EXPLAINER.explain(message(body).body)
    assert (answer["outcome"], answer["reason"], len(answer["invites"])) == (
        outcome,
        reason,
        people,
    )


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
def test_the_hint_is_what_a_refused_event_says(body: object, hint: object) -> None:
    """Whatever types it has: the form of a correction starts with it."""
    assert EXPLAINER.explain(message(body).body)["hint"] == hint
