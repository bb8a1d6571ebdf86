"""dead_letters.correction."""

import json

import pytest

from dead_letters.correction import Edit, corrected, read_edit
from dead_letters.selection import RequestError
from support.build import READER, message, signup
from support.dead_letters import letter
from triage_dead_letters.explainer import RulesExplainer

EXPLAINER = RulesExplainer(READER)
BODY = message(signup()).body
TWO = message([signup(1), signup(2)]).body
# In these the other events are refused, or are not explained any more.
ONE_OF_TWO = message([signup(1), {}]).body
ONE_OF_MANY = message([signup(1), *[{}] * 1000]).body
BOTH = Edit("ada@example.test", ("Artist",))


def test_what_the_edit_leaves_out_is_kept() -> None:
    event = json.loads(corrected(letter(1, BODY), Edit(roles=("Curator",)), EXPLAINER))
    assert event["data"] == {"email": "person1@example.test", "roles": ["Curator"]}


@pytest.mark.parametrize(
    ("body", "edit", "error"),
    [
        ("prose", Edit("ada@example.test"), "edit: the letter does not say the roles"),
        ("prose", Edit(roles=()), "edit: the letter does not say the address"),
        (BODY, Edit("nobody"), "edit: the person would not be invited: invalid_email"),
        (TWO, BOTH, "edit: the letter is about several people"),
        (ONE_OF_TWO, BOTH, "edit: the letter is about several people"),
        (ONE_OF_MANY, BOTH, "edit: the letter is about several people"),
    ],
)
def test_a_correction_that_would_not_invite_one_person_is_refused(
    body: str, edit: Edit, error: str
) -> None:
    with pytest.raises(RequestError, match=f"^{error}"):
        corrected(letter(1, body), edit, EXPLAINER)


@pytest.mark.parametrize(
    "edit",
    [
        None,
        {},
        {"name": "Ada"},
        {"email": ""},
        {"email": 5},
        {"roles": "Artist"},
        {"roles": ["x" * 101]},
        {"roles": ["Artist"] * 51},
    ],
)
def test_an_edit_is_an_address_or_names_of_roles(edit: object) -> None:
    with pytest.raises(RequestError, match=r"^edit: "):
        read_edit(edit)
