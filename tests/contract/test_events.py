"""The samples in events/: each becomes what stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from invites.envelope import unwrap
from invites.errors import RejectedError
from invites.invite import InviteRules, to_invite
from invites.parts import Parts
from invites.signup import Ignored, read_signup

EVENTS = Path(__file__).parents[2] / "events"
EXPECTED = ".expected.json"
# Of the template, whose default this is.
RULES = InviteRules(default_roles=("Artist",))

SAMPLES = sorted(
    path
    for path in EVENTS.glob("*/*")
    if path.suffix in {".json", ".txt"} and not path.name.endswith(EXPECTED)
)


def name(path: Path) -> str:
    """What the sample is called in a test report."""
    return str(path.relative_to(EVENTS).with_suffix(""))


def outcome(body: str) -> dict[str, Any]:
    """What becomes of a body, written as in the expectations."""
    try:
        event = unwrap(body)
        if isinstance(event, Parts):
            return {"outcome": "split", "invites": [outcome(part) for part in event.bodies]}
        signup = read_signup(event)
        person = signup if isinstance(signup, Ignored) else to_invite(signup, RULES)
    except RejectedError as error:
        return {"outcome": "reject", "reason": error.code}
    if isinstance(person, Ignored):
        return {"outcome": "ignore", "reason": person.code}
    return {"outcome": "invite", "invites": [person.payload()]}


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_samples(sample: Path) -> None:
    """A sample becomes what is expected of it."""
    expected = json.loads(sample.with_name(sample.stem + EXPECTED).read_text(encoding="utf-8"))
    assert outcome(sample.read_text(encoding="utf-8")) == expected


def test_each_expectation_has_a_sample() -> None:
    """No expectation is left behind by a sample that is gone, and no folder is empty."""
    samples = {name(path) for path in SAMPLES}
    expectations = EVENTS.rglob(f"*{EXPECTED}")
    expected = {str(one.relative_to(EVENTS)).removesuffix(EXPECTED) for one in expectations}
    assert expected == samples
    assert {path.name for path in EVENTS.iterdir() if path.is_dir()} == {
        path.parent.name for path in SAMPLES
    }


def test_samples_are_of_nobody() -> None:
    """Samples are sent by demos and by curious people: no address in them can be anybody's."""
    invited = [
        person["email"]
        for path in EVENTS.rglob(f"*{EXPECTED}")
        for person in json.loads(path.read_text(encoding="utf-8")).get("invites", [])
    ]
    assert invited
    assert all(email.endswith(".test") for email in invited)
