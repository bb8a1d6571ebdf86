"""The samples in events/: each becomes what stands beside it."""

import json
from pathlib import Path

import pytest

from invites.explain import explain
from support.build import READER
from support.samples import EVENTS, EXPECTED, SAMPLES, name


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_sample_becomes_what_stands_beside_it(sample: Path) -> None:
    """A field that the expectation leaves out may be anything."""
    expected = json.loads(sample.with_name(sample.stem + EXPECTED).read_text(encoding="utf-8"))
    found = explain(sample.read_text(encoding="utf-8"), READER)
    assert {key: found[key] for key in expected} == expected
    assert "outcome" in expected


def test_each_expectation_has_a_sample() -> None:
    """No folder is empty either."""
    samples = {name(path) for path in SAMPLES}
    expectations = EVENTS.rglob(f"*{EXPECTED}")
    expected = {str(path.relative_to(EVENTS)).removesuffix(EXPECTED) for path in expectations}
    assert expected == samples
    assert {path.name for path in EVENTS.iterdir() if path.is_dir()} == {
        path.parent.name for path in SAMPLES
    }


def test_samples_invite_nobody_real() -> None:
    """Demos and curious people send them."""
    invited = [
        person["email"]
        for path in EVENTS.rglob(f"*{EXPECTED}")
        for person in json.loads(path.read_text(encoding="utf-8")).get("invites", [])
    ]
    assert invited
    assert all(email.endswith(".test") for email in invited)
